import { expect, it, vi } from 'vitest';
import { retryBusy } from './retry-busy.ts';

const busy = Object.assign(new Error('database is locked'), { errcode: 5 });

it('tries again while the database is locked', async () => {
  const work = vi.fn().mockImplementationOnce(throwing(busy)).mockReturnValueOnce('done');
  expect(await retryBusy(work, 10, 1)).toBe('done');
});

it('gives up when it has waited long enough', async () => {
  const work = vi.fn(throwing(busy));
  await expect(retryBusy(work, 3, 1)).rejects.toBe(busy);
  expect(work).toHaveBeenCalledTimes(4);
});

it('does not try again after another error', async () => {
  const work = vi.fn(throwing(new Error('disk I/O error')));
  await expect(retryBusy(work, 10, 1)).rejects.toThrow('disk I/O error');
  expect(work).toHaveBeenCalledTimes(1);
});

function throwing(error: Error): () => never {
  return () => {
    throw error;
  };
}
