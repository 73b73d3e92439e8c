import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startChild } from '../processes/child-process.ts';
import type { QueueOrder, QueueResult } from './queue-order.ts';
import type { QueueAddress } from './queues/queue-address.ts';

/** A process that has one queue open. */
export interface QueueRunner {
  run(order: QueueOrder): Promise<QueueResult>;
  stop(): Promise<void>;
}

/** Starts it, and waits until the queue is open. Throws when it ends instead. */
export async function startQueue(address: QueueAddress): Promise<QueueRunner> {
  const script = fileURLToPath(new URL('queue-process.ts', import.meta.url));
  const child = startChild([script, JSON.stringify(address)], { channel: true });
  child.process.stdout?.resume();
  const nextMessage = async (): Promise<unknown> => {
    const [message] = await Promise.race([once(child.process, 'message'), child.ended]);
    if (message === undefined) throw new Error(`The process with the queue of ${address.system} ended early.`);
    return message;
  };
  await nextMessage();
  return {
    async run(order) {
      child.process.send(order);
      return (await nextMessage()) as QueueResult;
    },
    stop: () => child.stop(),
  };
}
