import { cannedModel, cannedToken, chatBody } from '../load/canned-chat.ts';
import { runLoad } from '../load/run-load.ts';
import { processorMs, residentBytes } from '../processes/process-usage.ts';
import { startAnura } from '../servers/start-anura.ts';
import { startCannedUpstream } from '../servers/start-canned-upstream.ts';
import { portkeyIsInstalled, startPortkey } from '../servers/start-portkey.ts';
import type { Target } from '../servers/target.ts';
import { inFrontOf } from '../servers/with-targets.ts';

/** One cold start. */
export interface Start {
  readonly target: string;
  readonly round: number;
  /** From starting the process to the first good answer of its health address, milliseconds. */
  readonly readyMs: number;
  /** Processor time until then: what a busy machine disturbs least. */
  readonly processorMs: number;
  readonly residentBytes: number;
  /** How long the very first chat took after that, milliseconds; NaN when it failed. */
  readonly firstChatMs: number;
}

/** Starts every gateway in turns, without a model of its own. */
export async function measureStarts(rounds: number, say: (progress: string) => void): Promise<Start[]> {
  const starts: Start[] = [];
  const upstream = await startCannedUpstream(1);
  try {
    for (let round = 0; round < rounds; round++) {
      say(`start: round ${round + 1} of ${rounds}`);
      starts.push(await measureOnce(() => startAnura({ settings: inFrontOf(upstream.origin) }), round));
      if (portkeyIsInstalled()) starts.push(await measureOnce(() => startPortkey(upstream.origin), round));
    }
  } finally {
    await upstream.stop();
  }
  return starts;
}

async function measureOnce(start: () => Promise<Target>, round: number): Promise<Start> {
  const target = await start();
  const { name, readyMs, pid } = target;
  try {
    const used = { processorMs: processorMs(pid), residentBytes: residentBytes(pid) };
    return { target: name, round, readyMs, ...used, firstChatMs: await firstChat(target) };
  } finally {
    await target.stop();
  }
}

async function firstChat({ origin, path, headers }: Target): Promise<number> {
  const body = chatBody(cannedModel, false);
  const expect = { text: cannedToken, times: 1 };
  const only = { stream: false, connections: 1, requests: 1, durationMs: 20_000 };
  const { totalMs } = await runLoad({ origin, path, headers, body, expect, ...only });
  return totalMs[0] ?? Number.NaN;
}
