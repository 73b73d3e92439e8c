import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startChild } from '../processes/child-process.ts';
import type { LoadOrder, LoadResult } from './load-order.ts';

/** The load-making process. Whoever starts it stops it. One order at a time. */
export interface LoadGenerator {
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): Promise<void>;
}

export function startLoadGenerator(): LoadGenerator {
  const child = startChild([fileURLToPath(new URL('load-process.ts', import.meta.url))], { channel: true });
  return {
    async run(order) {
      child.process.send(order);
      const [result] = await Promise.race([once(child.process, 'message'), child.ended]);
      if (result === undefined) throw new Error('The load generator ended before its order was carried out.');
      return result as LoadResult;
    },
    stop: () => child.stop(),
  };
}
