import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

const perSecond = 1 / 1000;

test('a full bucket lets a burst of its size through, then one unit as it refills', () => {
  const bucket = new TokenBucket(3, 2 * perSecond, 0);
  for (let call = 0; call < 3; call++) {
    expect(bucket.waitMs(1, 0)).toBe(0);
    bucket.take(1, 0);
  }
  expect(bucket.waitMs(1, 0)).toBe(500);
  expect(bucket.waitMs(1, 499)).toBeGreaterThan(0);
  expect(bucket.waitMs(1, 500)).toBe(0);
});

test('more than the bucket holds never goes through', () => {
  expect(new TokenBucket(10, perSecond, 0).waitMs(11, 0)).toBe(Number.POSITIVE_INFINITY);
});

test('a clock that jumps back does not take anything away or give anything', () => {
  const bucket = new TokenBucket(10, perSecond, 5000);
  bucket.take(4, 5000);
  expect(bucket.quota(1000)).toEqual({ limit: 10, remaining: 6, resetMs: 4000 });
});

test('a debt is paid before anything goes through', () => {
  const bucket = new TokenBucket(10, perSecond, 0);
  bucket.take(15, 0);
  expect(bucket.quota(0).remaining).toBe(0);
  expect(bucket.waitMs(1, 0)).toBe(6000);
});

test('a smaller limit keeps what was taken, a larger one adds the difference', () => {
  const bucket = new TokenBucket(10, perSecond, 0);
  bucket.take(4, 0);
  bucket.resize(20, perSecond, 0);
  expect(bucket.quota(0).remaining).toBe(16);
  bucket.resize(5, perSecond, 0);
  expect(bucket.quota(0).remaining).toBe(1);
});

test('what is given back at once is exactly what was taken', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.nat(1e6), fc.nat(1e6), (size, first, second) => {
      const bucket = new TokenBucket(size, 0.1, 0);
      bucket.take(Math.min(first, size), 0);
      const before = bucket.quota(0).remaining;
      bucket.take(second, 0);
      bucket.giveBack(second, 0);
      expect(bucket.quota(0).remaining).toBe(before);
    }),
  );
});

test('in any stretch of time no more goes through than the size and what refills meanwhile', () => {
  const steps = fc.array(fc.record({ passMs: fc.nat(3000), amount: fc.integer({ min: 1, max: 5 }) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), steps, (size, asked) => {
      const bucket = new TokenBucket(size, size * perSecond, 0);
      const through: { atMs: number; amount: number }[] = [];
      let nowMs = 0;
      for (const { passMs, amount } of asked) {
        nowMs += passMs;
        expect(bucket.quota(nowMs).remaining).toBeGreaterThanOrEqual(0);
        if (bucket.waitMs(amount, nowMs) > 0) continue;
        bucket.take(amount, nowMs);
        through.push({ atMs: nowMs, amount });
      }
      through.forEach((first, from) => {
        let sum = 0;
        for (const { atMs, amount } of through.slice(from)) {
          sum += amount;
          expect(sum).toBeLessThanOrEqual(size + ((atMs - first.atMs) * size) / 1000 + 1e-3);
        }
      });
    }),
  );
});
