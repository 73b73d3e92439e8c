import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { QueueOrder, QueueResult } from './queue-order.ts';
import { atOnce } from './queues/at-once.ts';
import { openQueue, type QueueAddress } from './queues/queue-address.ts';

/*
 * A process of its own, with one queue: it submits jobs, then takes and settles as many. It ends when asked to, or when
 * whoever started it is gone.
 */
const queue = await openQueue(JSON.parse(process.argv[2] ?? '') as QueueAddress);

process.on('message', (order: QueueOrder) => {
  void run(order).then((result) => process.send?.(result), giveUp);
});
for (const end of ['SIGTERM', 'disconnect']) {
  process.once(end, () => {
    void queue.close().finally(() => process.exit());
  });
}
process.send?.('ready');

async function run({ jobs, inFlight }: QueueOrder): Promise<QueueResult> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const submitsPerSecond = await rate(jobs, () => atOnce(jobs, inFlight, () => queue.submit()));
  const worker = await queue.openWorker();
  const settlesPerSecond = await rate(jobs, () => worker.settle(jobs, inFlight));
  delay.disable();
  await worker.close();
  return { submitsPerSecond, settlesPerSecond, longestPauseMs: delay.max / 1e6 };
}

async function rate(count: number, task: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await task();
  return (count / (performance.now() - startMs)) * 1000;
}

function giveUp(error: unknown): void {
  console.error(error);
  process.exit(1);
}
