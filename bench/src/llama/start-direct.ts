import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startChild } from '../processes/child-process.ts';
import type { ChatsResult, ChatsRunner } from './chats.ts';

/** Starts node-llama-cpp with nothing around it, and waits until the model is loaded. */
export async function startDirect(): Promise<ChatsRunner> {
  const child = startChild([fileURLToPath(new URL('direct-process.ts', import.meta.url))], { channel: true });
  const nextMessage = async (): Promise<unknown> => {
    const [message] = await Promise.race([once(child.process, 'message'), child.ended]);
    if (message === undefined) throw new Error('The process with node-llama-cpp ended before it answered.');
    return message;
  };
  await nextMessage();
  return {
    async run(order) {
      child.process.send(order);
      return (await nextMessage()) as ChatsResult;
    },
    stop: () => child.stop(),
  };
}
