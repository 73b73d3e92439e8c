import { describe, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { retryDelayMs, retrying } from './retrying.ts';

const signal = new AbortController().signal;
const cut = () => new GatewayError('engine-failed', 'cut', { retry: 'here' });

describe('retrying', () => {
  it('gives up after so many failures in a row', async () => {
    let attempts = 0;
    const result = retrying(() => Promise.reject(cut()).finally(() => attempts++), {
      signal,
      maxFailures: 3,
      delayMs: () => 0,
    });
    await expect(result).rejects.toThrowError('cut');
    expect(attempts).toBe(3);
  });

  it('does not count failures that got further', async () => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      if (attempts < 10) throw cut();
      return 'done';
    };
    const result = await retrying(attempt, { signal, maxFailures: 2, delayMs: () => 0, gotFurther: () => true });
    expect(result).toBe('done');
  });

  it('waits as long as the registry asked for', async () => {
    const waits: number[] = [];
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      if (attempts === 1) throw new GatewayError('rate-limited', 'slow down', { retry: 'here', retryAfterMs: 5 });
    };
    await retrying(attempt, {
      signal,
      maxFailures: 3,
      delayMs: () => 1,
      onRetry: (_error, waitMs) => waits.push(waitMs),
    });
    expect(waits).toEqual([5]);
  });

  it('tries only once what cannot get better', async () => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      throw new GatewayError('not-found', 'gone');
    };
    await expect(retrying(attempt, { signal, maxFailures: 5, delayMs: () => 0 })).rejects.toThrowError('gone');
    expect(attempts).toBe(1);
  });

  it('leaves the wait when the caller stops', async () => {
    const controller = new AbortController();
    const result = retrying(() => Promise.reject(cut()), {
      signal: controller.signal,
      maxFailures: 5,
      delayMs: () => 1e6,
      onRetry: () => controller.abort(),
    });
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
  });
});

it('the wait doubles up to half a minute', () => {
  const middle = () => 0.5;
  expect([1, 2, 3, 10].map((failures) => retryDelayMs(failures, middle))).toEqual([1000, 2000, 4000, 30_000]);
});
