import { afterEach, describe, expect, it } from 'vitest';
import { SpeechThread } from './speech-thread.ts';
import { ThreadPool, type ThreadPoolOptions } from './thread-pool.ts';

const pools: ThreadPool[] = [];
const threads: SpeechThread[] = [];
const never = new AbortController().signal;

function open(options: Partial<ThreadPoolOptions> = {}): ThreadPool {
  const makeThread = async () => {
    const entry = new URL('../__fixtures__/obedient-thread', import.meta.url);
    const thread = new SpeechThread({ name: 'test', entry, workerData: undefined });
    threads.push(thread);
    return thread;
  };
  const pool = new ThreadPool({
    name: 'test',
    makeThread,
    size: 1,
    idleMs: 60_000,
    timeoutMs: 20_000,
    onAbort: 'end',
    ...options,
  });
  pools.push(pool);
  return pool;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a pool of threads', () => {
  afterEach(async () => {
    for (const pool of pools.splice(0)) await pool.close();
    expect(threads.splice(0).every(({ gone }) => gone)).toBe(true);
  });

  it('makes no more threads than its size and uses them again', async () => {
    const pool = open({ size: 2 });
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((word) => pool.ask({ echo: word }, never)));
    expect(answers).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(threads).toHaveLength(2);
  });

  it('ends a thread that has nothing to do', async () => {
    const pool = open({ idleMs: 10 });
    await pool.ask({ echo: 'a' }, never);
    await until(() => pool.size === 0);
    expect(await pool.ask({ echo: 'b' }, never)).toBe('b');
  });

  it('goes on after a thread crashed', async () => {
    const pool = open();
    await expect(pool.ask({ crash: true }, never)).rejects.toMatchObject({ code: 'engine-failed', retry: 'here' });
    expect(await pool.ask({ echo: 'a' }, never)).toBe('a');
  });

  it('goes on after a request failed, in the same thread', async () => {
    const pool = open();
    await expect(pool.ask({ fail: '/secret/path' }, never)).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.not.stringContaining('secret'),
      cause: { message: '/secret/path' },
    });
    await pool.ask({ echo: 'a' }, never);
    expect(threads).toHaveLength(1);
  });

  it('stops a thread whose caller left, even one that never listens', async () => {
    const pool = open();
    const caller = new AbortController();
    const asked = pool.ask({ spin: true }, caller.signal);
    await until(() => threads.length === 1);
    caller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(await pool.ask({ echo: 'a' }, never)).toBe('a');
    expect(threads).toHaveLength(2);
  });

  it('lets a thread finish for nobody where it was told to, and then uses it', async () => {
    const pool = open({ onAbort: 'finish' });
    const caller = new AbortController();
    const asked = pool.ask({ echo: 'a', afterMs: 100 }, caller.signal);
    await until(() => threads.length === 1);
    caller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(await pool.ask({ echo: 'b' }, never)).toBe('b');
    expect(threads).toHaveLength(1);
  });

  it('gives up on a sentence that takes too long, whoever waits', async () => {
    const pool = open({ timeoutMs: 500, onAbort: 'finish' });
    await expect(pool.ask({ spin: true }, never)).rejects.toMatchObject({ code: 'engine-timeout' });
    await until(() => threads.every(({ gone }) => gone));
  });

  it('lets those who wait leave the line without taking a turn', async () => {
    const pool = open();
    const first = pool.ask({ echo: 'a', afterMs: 50 }, never);
    const caller = new AbortController();
    const second = pool.ask({ echo: 'b' }, caller.signal);
    const third = pool.ask({ echo: 'c' }, never);
    caller.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    expect(await Promise.all([first, third])).toEqual(['a', 'c']);
  });

  it('refuses those who wait when it closes', async () => {
    const pool = open();
    const busy = pool.ask({ spin: true }, never);
    const waiting = pool.ask({ echo: 'a' }, never);
    const settled = Promise.allSettled([busy, waiting]);
    await until(() => threads.length === 1);
    await pool.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(pool.ask({ echo: 'b' }, never)).rejects.toMatchObject({ code: 'engine-failed' });
  });
});
