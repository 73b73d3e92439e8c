import { expect, it } from 'vitest';
import { type ErrorCode, GatewayError, type GatewayErrorOptions } from '../../errors/gateway-error.ts';
import { planRetry, type RetryFacts } from './retry-plan.ts';

const plan = (code: ErrorCode, options: GatewayErrorOptions = {}, facts: Partial<RetryFacts> = {}) =>
  planRetry(
    new GatewayError(code, 'It went wrong.', options),
    { stage: 'running', failures: 0, maxFailures: 3, ...facts },
    () => 0.5,
  );

it.each<ErrorCode>(['no-capacity', 'engine-timeout', 'not-found', 'rate-limited', 'engine-failed'])(
  'lets a job wait while nobody can take it (%s), which is not its failure',
  (code) => {
    expect(plan(code, {}, { stage: 'matching', failures: 2 })).toEqual({
      action: 'retry',
      delayMs: 1000,
      failed: false,
    });
  },
);

it('fails a job that nobody could ever run', () => {
  expect(plan('invalid-request', {}, { stage: 'matching' })).toEqual({ action: 'fail' });
});

it('tries again where the error says that it may help, ever later, a bounded number of times', () => {
  expect(plan('engine-failed', { retry: 'here' })).toEqual({ action: 'retry', delayMs: 1000, failed: true });
  expect(plan('engine-failed', { retry: 'elsewhere' }, { failures: 1 })).toEqual({
    action: 'retry',
    delayMs: 2000,
    failed: true,
  });
  expect(plan('engine-failed', { retry: 'elsewhere' }, { failures: 2 })).toEqual({ action: 'fail' });
  expect(plan('engine-failed', { retry: 'here' }, { failures: 30, maxFailures: 99 })).toMatchObject({
    delayMs: 60_000,
  });
});

it('does not try again what cannot help', () => {
  expect(plan('invalid-request')).toEqual({ action: 'fail' });
  expect(plan('internal')).toEqual({ action: 'fail' });
});

it('looks for a slot again soon, whatever was expected of the queue', () => {
  expect(plan('no-capacity', { retryAfterMs: 90_000 }, { stage: 'matching' })).toMatchObject({ delayMs: 5_000 });
});

it('waits as long as the provider asks for', () => {
  expect(plan('no-capacity', { retry: 'here', retryAfterMs: 90_000 })).toMatchObject({ delayMs: 90_000 });
});
