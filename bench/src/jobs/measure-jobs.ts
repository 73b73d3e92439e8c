import type { Contestant, Skipped } from './contestants.ts';
import type { QueueResult } from './queue-order.ts';
import { type Field, withContestants } from './with-contestants.ts';

export interface JobsOptions {
  /** How many finished jobs Anura's table has before the rounds, ascending. */
  readonly sizes: readonly number[];
  readonly rounds: number;
  /** Jobs of one round: submitted, then settled. */
  readonly jobs: number;
  readonly inFlight: number;
  /** Where the databases are made. */
  readonly folder: string;
  readonly say: (progress: string) => void;
}

/** One round of one queue. */
export interface JobsMeasurement extends QueueResult {
  readonly name: string;
  /** Finished jobs Anura's table had before the rounds. */
  readonly size: number;
  /** Finished jobs this queue had before this round. */
  readonly kept: number;
}

export interface JobsFigures {
  readonly inFlight: number;
  readonly jobsEachRound: number;
  readonly measurements: readonly JobsMeasurement[];
  readonly skipped: readonly Skipped[];
}

/** Jobs of one order while a table is filled, so that the queue itself stays short. */
const fillJobs = 2_000;
/** What every queue does before it is measured. */
const warmUpJobs = 1_000;

/** Measures all queues in turns, each round beginning with another one, at every size of Anura's table. */
export function measureJobs(options: JobsOptions): Promise<JobsFigures> {
  return withContestants(options.folder, async (field) => {
    const tally = new Tally(options.inFlight);
    for (const contestant of field.all) await tally.run(contestant, warmUpJobs);
    const measurements: JobsMeasurement[] = [];
    for (const size of options.sizes) {
      options.say(`Filling Anura's table to ${size.toLocaleString('en')} jobs …`);
      await tally.fill(field.anura, size);
      measurements.push(...(await measureRounds(field, { ...options, size, tally })));
    }
    const { inFlight, jobs } = options;
    return { inFlight, jobsEachRound: jobs, measurements, skipped: field.skipped };
  });
}

type Rounds = JobsOptions & { readonly size: number; readonly tally: Tally };

async function measureRounds({ all }: Field, { rounds, jobs, size, tally, say }: Rounds): Promise<JobsMeasurement[]> {
  const measurements: JobsMeasurement[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % all.length;
    for (const contestant of [...all.slice(first), ...all.slice(0, first)]) {
      say(`${size.toLocaleString('en')} jobs, round ${round + 1} of ${rounds}: ${contestant.name}`);
      const kept = tally.kept(contestant);
      measurements.push({ name: contestant.name, size, kept, ...(await tally.run(contestant, jobs)) });
    }
  }
  return measurements;
}

/** Counts the jobs each queue has had. */
class Tally {
  readonly #inFlight: number;
  readonly #kept = new Map<Contestant, number>();

  constructor(inFlight: number) {
    this.#inFlight = inFlight;
  }

  kept(contestant: Contestant): number {
    return this.#kept.get(contestant) ?? 0;
  }

  async run(contestant: Contestant, jobs: number, inFlight = this.#inFlight): Promise<QueueResult> {
    const result = await contestant.run({ jobs, inFlight });
    this.#kept.set(contestant, this.kept(contestant) + jobs);
    return result;
  }

  /** Gives the queue finished jobs until it has had so many. */
  async fill(contestant: Contestant, size: number): Promise<void> {
    while (this.kept(contestant) < size) {
      const jobs = Math.min(fillJobs, size - this.kept(contestant));
      await this.run(contestant, jobs, jobs);
    }
  }
}
