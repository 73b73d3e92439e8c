import { expect, it } from 'vitest';
import { pausesMs, planDelivery } from './plan-delivery.ts';

const plan = (status: number | null, round = 0, retryAfterMs?: number) =>
  planDelivery({ status, ...(retryAfterMs !== undefined && { retryAfterMs }) }, round, 1_000, () => 0);

it.each([200, 201, 204, 299])('is done with %d', (status) => {
  expect(plan(status)).toEqual({ state: 'delivered', nextTryAtMs: null });
});

it.each([null, 100, 301, 302, 400, 401, 404, 429, 500, 503])('tries again after %s, ever later', (status) => {
  expect(plan(status)).toEqual({ state: 'waiting', nextTryAtMs: 6_000 });
  expect(plan(status, 1)).toEqual({ state: 'waiting', nextTryAtMs: 301_000 });
});

it('gives up when the pauses are used up, or nobody is there any more', () => {
  expect(plan(500, pausesMs.length - 1).state).toBe('waiting');
  expect(plan(500, pausesMs.length)).toEqual({ state: 'given-up', nextTryAtMs: null });
  expect(plan(410)).toEqual({ state: 'given-up', nextTryAtMs: null });
});

it('waits as long as the receiver asks for, within a day', () => {
  expect(plan(429, 0, 60_000).nextTryAtMs).toBe(61_000);
  expect(plan(503, 0, 1e12).nextTryAtMs).toBe(1_000 + 5_000 + 86_400_000);
});
