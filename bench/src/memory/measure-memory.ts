import { cannedModel, cannedToken, chatBody } from '../load/canned-chat.ts';
import { startLoadGenerator } from '../load/load-generator.ts';
import { residentBytes } from '../processes/process-usage.ts';
import { withTargets } from '../servers/with-targets.ts';
import { type Point, slope } from '../statistics/line-fit.ts';

export interface MemoryFigures {
  /** Resident memory of Anura after so many requests: x requests, y bytes. */
  readonly points: readonly Point[];
  readonly failed: number;
  /** Growth over the second half, bytes per 1,000 requests: what a leak would show. */
  readonly growthPer1000: number;
}

const slices = 20;
const tokens = 8;

/** Sends Anura so many requests, half of them streams, and watches its memory. */
export async function measureMemory(requests: number, say: (progress: string) => void): Promise<MemoryFigures> {
  return withTargets({ tokens, only: 'anura' }, async (targets) => {
    const anura = targets.find(({ name }) => name === 'anura');
    if (!anura) throw new Error('Anura is not among the servers.');
    const load = startLoadGenerator();
    const points: Point[] = [{ x: 0, y: residentBytes(anura.pid) }];
    let failed = 0;
    try {
      for (let slice = 1; slice <= slices; slice++) {
        say(`memory: ${slice} of ${slices}`);
        const { origin, path, headers } = anura;
        const stream = slice % 2 === 0;
        const { failures } = await load.run({
          ...{ origin, path, headers, stream, body: chatBody(cannedModel, stream) },
          ...{ connections: 64, requests: Math.ceil(requests / slices), durationMs: 120_000 },
          expect: { text: cannedToken, times: tokens },
        });
        failed += Object.values(failures).reduce((sum, count) => sum + count, 0);
        points.push({ x: (slice * requests) / slices, y: residentBytes(anura.pid) });
      }
    } finally {
      await load.stop();
    }
    return { points, failed, growthPer1000: slope(points.slice(points.length / 2)) * 1000 };
  });
}
