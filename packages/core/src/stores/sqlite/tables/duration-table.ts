import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JobRecord } from '../../../jobs/job-record.ts';
import { addToAverage } from '../../../scheduler/moving-average.ts';

/** How long the jobs of each model take from deal to results, as a mean that follows the last dozen. */
export class DurationTable {
  readonly #find: StatementSync;
  readonly #save: StatementSync;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('select mean_ms, deviation_ms, count from job_durations where model = ?');
    this.#save = database.prepare('insert or replace into job_durations values (?, ?, ?, ?)');
  }

  meanMs(model: string): number | null {
    const row = this.#find.get(model);
    return row ? Number(row['mean_ms']) : null;
  }

  /** Notes a job that was just delivered. */
  add({ model, deal, updatedAtMs }: JobRecord): void {
    if (deal === null) return;
    const row = this.#find.get(model);
    const before = row && {
      mean: Number(row['mean_ms']),
      deviation: Number(row['deviation_ms']),
      count: Number(row['count']),
    };
    const { mean, deviation, count } = addToAverage(before, updatedAtMs - deal.agreedAtMs);
    this.#save.run(model, mean, deviation, count);
  }
}
