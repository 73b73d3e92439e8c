import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { KeyLimiter } from './key-limiter.ts';
import { defaultKeyLimits, effectiveLimits, type KeyLimits } from './key-limits.ts';

function limiterAt(startMs = Date.UTC(2025, 0, 15), stored: Record<string, number> = {}) {
  const time = { nowMs: startMs, lookUps: 0 };
  const limiter = new KeyLimiter({
    now: () => time.nowMs,
    monthlyUsage: {
      async tokensUsed(keyId, month) {
        time.lookUps++;
        return stored[`${keyId} ${month}`] ?? 0;
      },
    },
  });
  return { limiter, time };
}

async function refusal(promise: Promise<unknown>): Promise<GatewayError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!GatewayError.is(error)) throw new Error('expected a refusal');
  return error;
}

test('by default the 21st call within a second is refused, with the time until the next', () => {
  const { limiter, time } = limiterAt();
  for (let call = 1; call <= 20; call++) {
    expect(limiter.countCall('key', defaultKeyLimits)).toMatchObject({ requests: { limit: 20, remaining: 20 - call } });
  }
  const refused = limiter.countCall('key', defaultKeyLimits);
  expect(refused.refusal).toMatchObject({ code: 'rate-limited', data: { retryAfterMs: 50 } });
  expect(refused.requests).toEqual({ limit: 20, remaining: 0, resetMs: 1000 });
  time.nowMs += 50;
  expect(limiter.countCall('key', defaultKeyLimits).refusal).toBeUndefined();
});

test('one key at its limit does not touch another', () => {
  const { limiter } = limiterAt();
  const limits = { requestsPerSecond: 1 };
  limiter.countCall('one', limits);
  expect(limiter.countCall('one', limits).refusal).toBeDefined();
  expect(limiter.countCall('other', limits).refusal).toBeUndefined();
});

test('a call every two seconds is a possible limit', () => {
  const { limiter, time } = limiterAt();
  const limits = { requestsPerSecond: 0.5 };
  expect(limiter.countCall('key', limits).refusal).toBeUndefined();
  time.nowMs += 1999;
  expect(limiter.countCall('key', limits).refusal).toBeDefined();
  time.nowMs += 1;
  expect(limiter.countCall('key', limits).refusal).toBeUndefined();
});

test('a refused reservation takes nothing', async () => {
  const { limiter } = limiterAt();
  const limits = { tokensPerMinute: 100, concurrentRequests: 2 };
  await limiter.reserve('key', limits, 60);
  const error = await refusal(limiter.reserve('key', limits, 60));
  expect(error).toMatchObject({ code: 'rate-limited', data: { retryAfterMs: 12_000 } });
  expect(limiter.countCall('key', limits).tokens).toMatchObject({ limit: 100, remaining: 40 });
  await limiter.reserve('key', limits, 40);
});

test('a request that can never fit its minute is refused without a time to wait', async () => {
  const { limiter } = limiterAt();
  const error = await refusal(limiter.reserve('key', { tokensPerMinute: 100 }, 101));
  expect(error.message).toContain('lower max_tokens');
  expect(error.data.retryAfterMs).toBeUndefined();
});

test('the place among concurrent requests is free again once, however often it is settled', async () => {
  const { limiter } = limiterAt();
  const limits = { concurrentRequests: 2 };
  const first = await limiter.reserve('key', limits, 1);
  await limiter.reserve('key', limits, 1);
  expect((await refusal(limiter.reserve('key', limits, 1))).message).toContain('2 requests running');
  first.settle(1);
  first.settle(1);
  await limiter.reserve('key', limits, 1);
  await refusal(limiter.reserve('key', limits, 1));
});

test('requests that ask at the same time do not pass the limit together', async () => {
  const { limiter } = limiterAt();
  const limits = { concurrentRequests: 3, monthlyTokens: 1000 };
  const asked = await Promise.allSettled(Array.from({ length: 10 }, () => limiter.reserve('key', limits, 1)));
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
});

test('the month begins with what the store knows, and ends with an error that OpenAI clients know', async () => {
  const { limiter, time } = limiterAt(Date.UTC(2025, 0, 31, 23), { 'key 2025-01': 900 });
  const limits = { monthlyTokens: 1000 };
  const reservation = await limiter.reserve('key', limits, 100);
  const error = await refusal(limiter.reserve('key', limits, 1));
  expect(error).toMatchObject({
    code: 'rate-limited',
    data: { openaiCode: 'insufficient_quota', retryAfterMs: 3_600_000 },
  });
  reservation.settle(40);
  await limiter.reserve('key', limits, 60);
  await refusal(limiter.reserve('key', limits, 1));
  time.nowMs += 3_600_000;
  await limiter.reserve('key', limits, 900);
});

test('a store that fails fails the request, and the next one asks again', async () => {
  let broken = true;
  const limiter = new KeyLimiter({
    monthlyUsage: {
      async tokensUsed() {
        if (broken) throw new Error('disk on fire');
        return 0;
      },
    },
  });
  await expect(limiter.reserve('key', { monthlyTokens: 5 }, 1)).rejects.toThrow('disk on fire');
  broken = false;
  await limiter.reserve('key', { monthlyTokens: 5 }, 5);
});

test('the store is asked once a minute, not once a request', async () => {
  const { limiter, time } = limiterAt();
  for (let second = 0; second < 120; second++) {
    (await limiter.reserve('key', { monthlyTokens: 1e6 }, 10)).settle(5);
    time.nowMs += 1000;
  }
  expect(time.lookUps).toBe(2);
});

test('a store that lags behind does not give back what was used here', async () => {
  const { limiter, time } = limiterAt();
  (await limiter.reserve('key', { monthlyTokens: 100 }, 80)).settle(80);
  time.nowMs += 61_000;
  await refusal(limiter.reserve('key', { monthlyTokens: 100 }, 21));
  expect(time.lookUps).toBe(2);
});

test('what other processes used counts after a minute', async () => {
  const stored: Record<string, number> = {};
  const { limiter, time } = limiterAt(Date.UTC(2025, 0, 15), stored);
  (await limiter.reserve('key', { monthlyTokens: 100 }, 10)).settle(10);
  stored['key 2025-01'] = 95;
  time.nowMs += 61_000;
  await refusal(limiter.reserve('key', { monthlyTokens: 100 }, 6));
});

test('a request that ends after midnight does not burden the new month', async () => {
  const { limiter, time } = limiterAt(Date.UTC(2025, 0, 31, 23, 59));
  const late = await limiter.reserve('key', { monthlyTokens: 100 }, 60);
  time.nowMs += 120_000;
  (await limiter.reserve('key', { monthlyTokens: 100 }, 40)).settle(0);
  late.settle(60);
  await limiter.reserve('key', { monthlyTokens: 100 }, 100);
});

test('idle keys are forgotten, busy ones are not, and the month is not lost', async () => {
  const stored: Record<string, number> = {};
  const { limiter, time } = limiterAt(Date.UTC(2025, 0, 15), stored);
  const limits = { requestsPerSecond: 20, monthlyTokens: 100 };
  (await limiter.reserve('spent', limits, 100)).settle(100);
  const running = await limiter.reserve('running', limits, 50);
  for (let key = 0; key < 1000; key++) limiter.countCall(`key ${key}`, limits);
  expect(limiter.size).toBe(1002);
  stored['spent 2025-01'] = 100;
  time.nowMs += 600_000;
  for (let call = 0; call < 1100; call++) limiter.countCall('caller', { requestsPerSecond: 2000 });
  expect(limiter.size).toBeLessThanOrEqual(3);
  await refusal(limiter.reserve('spent', limits, 1));
  await refusal(limiter.reserve('running', limits, 51));
  running.settle(0);
  await limiter.reserve('running', limits, 100);
});

test('whatever happens, what is left is never negative, limits hold, and everything unused comes back', async () => {
  const limits: KeyLimits = { tokensPerMinute: 1000, concurrentRequests: 4, monthlyTokens: 1500 };
  const step = fc.record({
    tokens: fc.integer({ min: 1, max: 600 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.array(fc.nat(3), { maxLength: 40 }), async (steps, ends) => {
      const { limiter } = limiterAt();
      const open: { settle: (used: number) => void; tokens: number; used: number }[] = [];
      let usedTokens = 0;
      for (const [index, { tokens, share }] of steps.entries()) {
        const reservation = await limiter.reserve('key', limits, tokens).catch(() => undefined);
        if (reservation) {
          const used = Math.floor(tokens * share);
          open.push({ settle: (settled) => reservation.settle(settled), tokens, used });
        }
        expect(open.length).toBeLessThanOrEqual(4);
        const set = open.reduce((sum, one) => sum + one.tokens, 0);
        expect(usedTokens + set).toBeLessThanOrEqual(1000);
        expect(limiter.countCall('key', limits).tokens?.remaining).toBe(1000 - usedTokens - set);
        for (const ended of open.splice(0, ends[index] ?? 0)) {
          ended.settle(ended.used);
          usedTokens += ended.used;
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('a key without limits of its own has the defaults, and its own come first', () => {
  const none = { requests_per_second: null, tokens_per_minute: null, concurrent_requests: null, monthly_tokens: null };
  expect(effectiveLimits(none)).toEqual({ requestsPerSecond: 20 });
  expect(effectiveLimits({ ...none, requests_per_second: 5, monthly_tokens: 10 })).toEqual({
    requestsPerSecond: 5,
    monthlyTokens: 10,
  });
});
