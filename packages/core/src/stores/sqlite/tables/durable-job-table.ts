import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { decideIdempotency } from '../../../idempotency/decide-idempotency.ts';
import type {
  ClaimedJob,
  ClaimRequest,
  DurableJobStore,
  GiveBack,
  JobLease,
  JsonObject,
  NewJob,
  QueueBounds,
  SavedOperation,
  Submitted,
} from '../../../jobs/durable/durable-job-store.ts';
import type { JobStanding } from '../../../jobs/durable/job-estimate.ts';
import { deadlineOf } from '../../../jobs/durable/job-timeouts.ts';
import { applyJobEvent, type JobChange, type JobRecord, noteProgress } from '../../../jobs/job-record.ts';
import { isUnfinished } from '../../../jobs/job-state.ts';
import type { CallKinds, Synchronous } from '../calls/call-kind.ts';
import { DurationTable } from './duration-table.ts';
import type { IdempotencyTable } from './idempotency-table.ts';
import { changingValues, jobColumns, jobRecordOf, jobValues } from './job-row.ts';
import { type QueueEntry, QueueTable } from './queue-table.ts';
import { jsonOf, textOrNull } from './row.ts';
import type { WebhookTable } from './webhook-table.ts';

export const durableJobCalls: CallKinds<DurableJobStore> = {
  submit: 'durable',
  earlier: 'read',
  claim: 'quick', // a claim that is lost with the power leaves the job unclaimed, which is what it is
  renew: 'quick',
  saveOperation: 'durable',
  noteProgress: 'quick',
  apply: 'durable',
  giveBack: 'quick',
  endOverdue: 'durable',
  endUnfetched: 'durable',
  standing: 'read',
  input: 'read',
  countUnfinished: 'read',
  prune: 'quick',
};

/** Most lapsed leases looked at in one claim; the next claim takes the rest. */
const lapsedBatch = 100;

/** Jobs that survive: their rows in `jobs`, their place in `job_queue`. */
export class DurableJobTable implements Synchronous<DurableJobStore> {
  readonly #queue: QueueTable;
  readonly #durations: DurationTable;
  readonly #idempotency: IdempotencyTable;
  readonly #webhooks: WebhookTable;
  readonly #insert: StatementSync;
  readonly #get: StatementSync;
  readonly #save: StatementSync;
  readonly #input: StatementSync;
  readonly #unfetched: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync, beside: { idempotency: IdempotencyTable; webhooks: WebhookTable }) {
    this.#queue = new QueueTable(database);
    this.#durations = new DurationTable(database);
    this.#idempotency = beside.idempotency;
    this.#webhooks = beside.webhooks;
    this.#insert = database.prepare(`
      insert into jobs (${jobColumns}, durable, webhook_url, input) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`);
    this.#get = database.prepare(`select ${jobColumns}, webhook_url from jobs where id = ? and durable = 1`);
    this.#save = database.prepare(`
      update jobs set state = ?, updated_at_ms = ?, deal = ?, failure = ?, result = ?, history = ?, progress = ?,
        artifact_id = ? where id = ?`);
    this.#input = database.prepare('select input from jobs where id = ? and durable = 1');
    this.#unfetched = database.prepare(`
      select id from jobs where durable = 1 and state = 'ResultsSubmitted' and failure is null and updated_at_ms < ?
      order by updated_at_ms limit ?`);
    this.#prune = database.prepare(`
      delete from jobs where rowid in (
        select rowid from jobs
        where durable = 1 and updated_at_ms < ? and state not in ('DealNegotiating', 'DealAgreed')
        order by updated_at_ms limit ?)`);
  }

  submit(job: NewJob, bounds: QueueBounds): Submitted {
    const before = this.earlier(job);
    if (before) return before;
    const { record, idempotency, webhookUrl = null } = job;
    const whose = this.#queue.fullFor(record.keyId, bounds);
    if (whose) return { outcome: 'full', whose, meanMs: this.#durations.meanMs(record.model) };
    this.#insert.run(...jobValues(record), webhookUrl, JSON.stringify(job.input));
    this.#queue.enter(job);
    if (idempotency) {
      const { key, fingerprint } = idempotency;
      this.#idempotency.keepJob({ keyId: record.keyId, key }, fingerprint, record.id, record.createdAtMs);
    }
    return { outcome: 'accepted', record };
  }

  earlier({ record, idempotency }: NewJob): Submitted | undefined {
    if (!idempotency) return undefined;
    const { key, fingerprint, keptSinceMs } = idempotency;
    const entry = this.#idempotency.find({ keyId: record.keyId, key });
    const decision = decideIdempotency(entry, fingerprint, { nowMs: record.createdAtMs, keptSinceMs });
    if (decision.outcome === 'begin') return undefined;
    if (decision.outcome !== 'job') return { outcome: 'conflict' };
    const found = this.#find(decision.jobId);
    return found && { outcome: 'repeated', record: found.record };
  }

  claim({ wanted, nowMs, leaseUntilMs }: ClaimRequest): ClaimedJob[] {
    for (const entry of this.#queue.takeLapsed(nowMs, lapsedBatch)) this.#drop(entry, nowMs);
    return wanted
      .flatMap(({ model, count }) => this.#queue.claim(model, count, nowMs, leaseUntilMs))
      .flatMap((entry) => this.#claimed(entry) ?? []);
  }

  renew(leases: readonly JobLease[], leaseUntilMs: number): string[] {
    return leases.filter((lease) => this.#queue.renew(lease, leaseUntilMs)).map(({ id }) => id);
  }

  saveOperation(lease: JobLease, operation: SavedOperation): boolean {
    const held = this.#queue.held(lease) !== undefined;
    if (held) this.#queue.saveOperation(lease.id, operation);
    return held;
  }

  noteProgress(lease: JobLease, part: number, atMs: number): JobRecord | undefined {
    const record = this.#queue.held(lease) && this.#find(lease.id)?.record;
    const changed = record && noteProgress(record, part, atMs);
    if (changed) this.#save.run(...changingValues(changed), lease.id);
    return changed;
  }

  apply(
    id: string,
    change: JobChange,
    when: { readonly atMs: number; readonly attempt?: number },
  ): JobRecord | undefined {
    const { atMs, attempt } = when;
    if (attempt !== undefined && !this.#queue.held({ id, attempt })) return undefined;
    const found = this.#find(id);
    const changed = found && applyJobEvent(found.record, change, atMs);
    if (changed === undefined) return undefined;
    this.#save.run(...changingValues(changed), id);
    if (isUnfinished(changed.state)) this.#keepDeadline(changed);
    else if (isUnfinished(found?.record.state ?? changed.state)) this.#finish(changed, found?.webhookUrl ?? null);
    return changed;
  }

  giveBack(lease: JobLease, how: GiveBack): JobRecord | undefined {
    if (!this.#queue.held(lease)) return undefined;
    const dropped = this.apply(lease.id, { type: 'deal-dropped' }, { atMs: how.nowMs });
    this.#queue.release(lease.id, how);
    return dropped ?? this.#find(lease.id)?.record;
  }

  endOverdue(nowMs: number, limit: number): JobRecord[] {
    return this.#queue.overdue(nowMs, limit).flatMap((id) => {
      const record = this.#find(id)?.record;
      const entry = this.#queue.find(id);
      if (!record || !entry) return [];
      return this.apply(id, { type: deadlineOf(record, entry.timeouts).event }, { atMs: nowMs }) ?? [];
    });
  }

  endUnfetched(deliveredBeforeMs: number, nowMs: number, limit: number): JobRecord[] {
    const ids = this.#unfetched.all(deliveredBeforeMs, limit).map((row) => String(row['id']));
    return ids.flatMap((id) => this.apply(id, { type: 'download-timed-out' }, { atMs: nowMs }) ?? []);
  }

  standing(id: string): JobStanding | undefined {
    const entry = this.#queue.find(id);
    return (
      entry && {
        ahead: this.#queue.ahead(entry),
        running: this.#queue.running(entry.model),
        meanMs: this.#durations.meanMs(entry.model),
      }
    );
  }

  input(id: string): JsonObject | undefined {
    const row = this.#input.get(id);
    return row && jsonOf<JsonObject>(row['input']);
  }

  countUnfinished(): number {
    return this.#queue.length;
  }

  prune(updatedBeforeMs: number, limit: number): number {
    return Number(this.#prune.run(updatedBeforeMs, limit).changes);
  }

  #find(id: string): { record: JobRecord; webhookUrl: string | null } | undefined {
    const row = this.#get.get(id);
    return row && { record: jobRecordOf(row), webhookUrl: textOrNull(row['webhook_url']) };
  }

  #claimed(entry: QueueEntry): ClaimedJob | undefined {
    const { jobId: id, attempt, timeouts, weight, failures, lapses, operation } = entry;
    const record = this.#find(id)?.record;
    const input = this.input(id);
    return record && input && { id, attempt, record, input, timeouts, weight, failures, lapses, operation };
  }

  /** The provider that had it is lost to us; the deal is off. */
  #drop({ jobId }: QueueEntry, nowMs: number): void {
    this.apply(jobId, { type: 'deal-dropped' }, { atMs: nowMs });
  }

  #keepDeadline(record: JobRecord): void {
    const entry = this.#queue.find(record.id);
    if (entry) this.#queue.setDeadline(record, entry.timeouts);
  }

  #finish(record: JobRecord, webhookUrl: string | null): void {
    this.#queue.leave(record.id);
    if (record.state === 'ResultsSubmitted' && record.failure === null) this.#durations.add(record);
    if (webhookUrl !== null) this.#webhooks.announce(record, webhookUrl, record.updatedAtMs);
  }
}
