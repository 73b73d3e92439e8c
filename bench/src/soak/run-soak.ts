import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { residentBytes } from '../processes/process-usage.ts';
import { startAnura } from '../servers/start-anura.ts';
import type { Target } from '../servers/target.ts';
import type { Point } from '../statistics/line-fit.ts';
import { followStream, uniqueText } from './soak-client.ts';
import { clientCount, faultRules, soakSettings, upstreamCount } from './soak-plan.ts';
import { type FakeProcess, startFakeProcess } from './start-fake-upstream.ts';
import type { StreamOutcome } from './stream-outcome.ts';

export interface SoakFigures {
  readonly minutes: number;
  /** How many streams ended in each way; failures by their code. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The first few of those that must not be. */
  readonly examples: readonly StreamOutcome[];
  /** Chats each upstream was asked for. */
  readonly upstreamChats: readonly number[];
  /** The server's resident memory: x minutes, y bytes. */
  readonly memory: readonly Point[];
}

/** Runs the clients against a server in front of failing upstreams for so long. */
export async function runSoak(minutes: number, say: (progress: string) => void): Promise<SoakFigures> {
  const fakes: FakeProcess[] = [];
  try {
    for (let seed = 1; seed <= upstreamCount; seed++) fakes.push(await startFakeProcess(seed, faultRules));
    const server = await startAnura({ settings: soakSettings(fakes.map(({ url }) => url)) });
    try {
      const streams = await watchStreams(server, minutes, say);
      const upstreamChats = await Promise.all(fakes.map((fake) => fake.chats()));
      return { minutes, ...streams, upstreamChats };
    } finally {
      await server.stop();
    }
  } finally {
    for (const fake of fakes) await fake.stop();
  }
}

async function watchStreams(server: Target, minutes: number, say: (progress: string) => void) {
  const pool = new Pool(server.origin, { connections: clientCount, headersTimeout: 0, bodyTimeout: 0 });
  const tally = new Tally();
  const startedAt = performance.now();
  const minutesGone = () => (performance.now() - startedAt) / 60_000;
  let number = 0;

  async function client(): Promise<void> {
    while (minutesGone() < minutes) tally.add(await followStream(pool, server, uniqueText(number++)));
  }
  async function watchMemory(): Promise<Point[]> {
    const memory: Point[] = [];
    while (minutesGone() < minutes) {
      memory.push({ x: minutesGone(), y: residentBytes(server.pid) });
      if (memory.length % 10 === 0)
        say(`soak: ${tally.count} streams, ${minutesGone().toFixed(1)} of ${minutes} minutes`);
      await wait(1000);
    }
    return memory;
  }
  const [memory] = await Promise.all([watchMemory(), ...Array.from({ length: clientCount }, client)]);
  await pool.destroy();
  return { outcomes: tally.outcomes, examples: tally.examples, memory };
}

/** Counts how streams ended. */
class Tally {
  readonly outcomes: Record<string, number> = {};
  readonly examples: StreamOutcome[] = [];
  count = 0;

  add(outcome: StreamOutcome): void {
    this.count++;
    const name = outcome.kind === 'failed' ? `failed: ${outcome.code}` : outcome.kind;
    this.outcomes[name] = (this.outcomes[name] ?? 0) + 1;
    const wanted = outcome.kind === 'complete' || outcome.kind === 'failed';
    if (!wanted && this.examples.length < 5) this.examples.push(outcome);
  }
}
