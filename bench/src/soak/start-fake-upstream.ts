import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startChild } from '../processes/child-process.ts';

/** A fake upstream in a process of its own. Whoever starts it stops it. */
export interface FakeProcess {
  readonly url: string;
  /** How many chats it was asked for so far. */
  chats(): Promise<number>;
  stop(): Promise<void>;
}

export async function startFakeProcess(seed: number, faults: readonly string[]): Promise<FakeProcess> {
  const script = fileURLToPath(new URL('fake-upstream-process.ts', import.meta.url));
  const child = startChild([script, String(seed), ...faults], { channel: true });
  const nextMessage = async (): Promise<unknown> => {
    const [message] = await Promise.race([once(child.process, 'message'), child.ended]);
    if (message === undefined) throw new Error('A fake upstream ended before it answered.');
    return message;
  };
  const url = String(await nextMessage());
  return {
    url,
    async chats() {
      child.process.send('chats?');
      return Number(await nextMessage());
    },
    stop: () => child.stop(),
  };
}
