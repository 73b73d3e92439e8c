import { expect, test } from 'vitest';
import { AnuraError } from './anura-error.js';
import { planRetry } from './retry-plan.js';

const half = () => 0.5;
const facts = { failures: 1, retries: 2, repeatable: true };
const unreachable = new AnuraError('x', { code: 'no_server' });
const busy = (status: number, retryAfterMs?: number) => new AnuraError('x', { status, code: 'x', retryAfterMs });

test('a connection that failed is tried again, later each time, until the retries are spent', () => {
  const delays = [1, 2, 3].map((failures) => planRetry(unreachable, { ...facts, failures }, half));
  expect(delays).toEqual([500, 1000, undefined]);
});

test('what could make something twice is not sent again when nobody knows what became of it', () => {
  expect(planRetry(unreachable, { ...facts, repeatable: false }, half)).toBeUndefined();
});

test.each([429, 503])('anything refused with %i is sent again when the server said', (status) => {
  expect(planRetry(busy(status, 3_000), { ...facts, repeatable: false }, half)).toBe(3_000);
});

test.each([
  ['a refusal that names no time', busy(429)],
  ['a budget that is spent for the month', busy(429, 86_400_000)],
  ['an answer that would be the same again', busy(400)],
  ['a provider that failed', busy(502, 1_000)],
  ['silence', new AnuraError('x', { code: 'timeout' })],
])('%s is not slept through', (_name, error) => {
  expect(planRetry(error, facts, half)).toBeUndefined();
});

test('a proxy that cannot reach the server counts as a failed connection', () => {
  const error = new AnuraError('x', { code: 'not_the_api', status: 502 });
  expect(planRetry(error, facts, half)).toBe(500);
  expect(planRetry(error, { ...facts, repeatable: false }, half)).toBeUndefined();
});
