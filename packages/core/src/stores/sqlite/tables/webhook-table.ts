import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JobRecord } from '../../../jobs/job-record.ts';
import { type WebhookDelivery, type WebhookTry, webhookEventOf } from '../../../webhooks/webhook-delivery.ts';
import type { ClaimedDelivery, TryOutcome, WebhookStore } from '../../../webhooks/webhook-store.ts';
import type { CallKinds, Synchronous } from '../calls/call-kind.ts';
import { jsonOf, numberOrNull, type Row } from './row.ts';

export const webhookCalls: CallKinds<WebhookStore> = {
  claimDue: 'quick',
  settle: 'quick',
  list: 'read',
  redeliver: 'durable',
  masterSecret: 'durable',
};

/** Older tries than these are forgotten: asking again and again must not make a row grow without end. */
const mostTries = 30;

export class WebhookTable implements Synchronous<WebhookStore> {
  readonly #insert: StatementSync;
  readonly #due: StatementSync;
  readonly #claim: StatementSync;
  readonly #find: StatementSync;
  readonly #settle: StatementSync;
  readonly #list: StatementSync;
  readonly #redeliver: StatementSync;
  readonly #keepSecret: StatementSync;
  readonly #secret: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      insert into webhook_deliveries values (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, 0, 0, '[]')`);
    this.#due = database.prepare(`
      select id from webhook_deliveries where state = 'waiting' and next_try_at_ms <= ? order by next_try_at_ms limit ?`);
    this.#claim = database.prepare(`
      update webhook_deliveries set next_try_at_ms = ?, attempt = attempt + 1 where id = ? returning *`);
    this.#find = database.prepare('select * from webhook_deliveries where id = ?');
    this.#settle = database.prepare(`
      update webhook_deliveries set state = ?, next_try_at_ms = ?, tries = ?, round = round + 1 where id = ?`);
    this.#list = database.prepare('select * from webhook_deliveries where job_id = ? order by created_at_ms, id');
    this.#redeliver = database.prepare(`
      update webhook_deliveries set state = 'waiting', next_try_at_ms = ?, round = 0, attempt = attempt + 1
      where id = ? and job_id = ? returning *`);
    this.#keepSecret = database.prepare(`insert or ignore into secrets values ('webhooks', ?)`);
    this.#secret = database.prepare(`select value from secrets where name = 'webhooks'`);
  }

  claimDue(nowMs: number, leaseUntilMs: number, limit: number): ClaimedDelivery[] {
    const ids = this.#due.all(nowMs, limit).map((row) => String(row['id']));
    const rows = ids.flatMap((id) => this.#claim.all(leaseUntilMs, id));
    return rows.map((row) => ({ ...deliveryOf(row), attempt: Number(row['attempt']) }));
  }

  settle(id: string, attempt: number, outcome: TryOutcome): boolean {
    const row = this.#find.get(id);
    if (row === undefined || row['attempt'] !== attempt) return false;
    const tries = [...jsonOf<WebhookTry[]>(row['tries']), outcome.try].slice(-mostTries);
    this.#settle.run(outcome.state, outcome.nextTryAtMs, JSON.stringify(tries), id);
    return true;
  }

  list(jobId: string): WebhookDelivery[] {
    return this.#list.all(jobId).map(deliveryOf);
  }

  redeliver(jobId: string, deliveryId: string, nowMs: number): WebhookDelivery | undefined {
    const row = this.#redeliver.get(nowMs, deliveryId, jobId);
    return row && deliveryOf(row);
  }

  masterSecret(candidate: string): string {
    this.#keepSecret.run(candidate);
    return String(this.#secret.get()?.['value']);
  }

  /** Notes the message about a job that has just ended, in the transaction that ended it. */
  announce(record: JobRecord, url: string, atMs: number): void {
    const event = webhookEventOf(record);
    if (event === undefined) return;
    const id = `msg_${randomBytes(16).toString('hex')}`;
    this.#insert.run(id, record.id, record.keyId, url, event, JSON.stringify(record), atMs, atMs);
  }
}

function deliveryOf(row: Row): WebhookDelivery {
  return {
    id: String(row['id']),
    jobId: String(row['job_id']),
    keyId: String(row['key_id']),
    url: String(row['url']),
    event: String(row['event']) as WebhookDelivery['event'],
    record: jsonOf(row['record']),
    createdAtMs: Number(row['created_at_ms']),
    state: String(row['state']) as WebhookDelivery['state'],
    nextTryAtMs: numberOrNull(row['next_try_at_ms']),
    tries: jsonOf(row['tries']),
    round: Number(row['round']),
  };
}
