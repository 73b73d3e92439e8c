import { expect, it, vi } from 'vitest';
import { WriteBehind, type WriteBehindOptions } from './write-behind.ts';

const quietLog = { info: vi.fn(), warn: vi.fn() };

/** Collects strings, joined in the order they were added. */
function open(write: WriteBehindOptions<string>['write'], options: Partial<WriteBehindOptions<string>> = {}) {
  const merge = (earlier: string, later: string) => earlier + later;
  return new WriteBehind({ name: 'Texts', write, merge, log: quietLog, delayMs: 60_000, batchSize: 10, ...options });
}

it('shows an entry while it waits and while it is written, and what was added meanwhile', async () => {
  let finishWriting = () => {};
  const write = vi.fn(() => new Promise<void>((resolve) => (finishWriting = resolve)));
  const texts = open(write);
  texts.add('id', 'a');
  texts.add('id', 'b');
  expect(texts.get('id')).toBe('ab');
  const flushed = texts.flush();
  await vi.waitFor(() => expect(write).toHaveBeenCalledWith(['ab']));
  texts.add('id', 'c');
  expect(texts.get('id')).toBe('abc');
  expect(texts.get('other')).toBeUndefined();
  finishWriting();
  await flushed;
  expect(texts.get('id')).toBe('c');
});

it('puts a failed batch back before what was added meanwhile', async () => {
  const write = vi.fn().mockImplementationOnce(async () => {
    texts.add('id', 'b');
    throw new Error('locked');
  });
  const texts = open(write);
  texts.add('id', 'a');
  await texts.flush();
  expect(texts.get('id')).toBe('ab');
  await texts.flush();
  expect(write).toHaveBeenLastCalledWith(['ab']);
  expect(texts.size).toBe(0);
});

it('tries again by itself after a failure', async () => {
  const write = vi.fn().mockRejectedValueOnce(new Error('locked')).mockResolvedValue(undefined);
  const texts = open(write, { retryMs: 2 });
  texts.add('id', 'a');
  await texts.flush();
  await vi.waitFor(() => expect(write).toHaveBeenCalledTimes(2));
  await vi.waitFor(() => expect(texts.size).toBe(0));
});

it('does not hammer a failing store when full batches keep coming', async () => {
  const write = vi.fn().mockRejectedValue(new Error('full'));
  const texts = open(write, { batchSize: 2, capacity: 1000, retryMs: 60_000 });
  texts.add('first', 'a');
  await texts.flush();
  for (let index = 0; index < 500; index++) {
    texts.add(String(index), 'a');
    if (index % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(write).toHaveBeenCalledTimes(1);
  await texts.close();
});

it('lets others have their turn between batches', async () => {
  const order: string[] = [];
  const texts = open(async () => void order.push('batch'), { batchSize: 1 });
  texts.add('one', 'a');
  texts.add('two', 'b');
  const flushed = texts.flush();
  setImmediate(() => order.push('other'));
  await flushed;
  expect(order).toEqual(['batch', 'other', 'batch']);
});
