import { expect, test } from 'vitest';
import { offer, standing } from './__fixtures__/offers.ts';
import { drainPerMs, loadWaitMs, prefillMs, serviceMs, slotWaitMs } from './expected-wait.ts';

test('a free slot is not waited for, a full offer frees one every service time by slots', () => {
  expect(slotWaitMs(offer({ slots: 4 }), 3, 100, 2000)).toBe(0);
  expect(slotWaitMs(offer({ slots: 4 }), 4, 0, 2000)).toBe(500);
  expect(slotWaitMs(offer({ slots: 4 }), 4, 3, 2000)).toBe(2000);
});

test('loading takes what the provider says, else what the size suggests, and half when it has begun', () => {
  expect(loadWaitMs(offer(), 0)).toBe(0);
  expect(loadWaitMs(offer({ state: 'cold', loadMs: 3000 }), 0)).toBe(3000);
  expect(loadWaitMs(offer({ state: 'cold', sizeBytes: 8e9 }), 0)).toBe(8000);
  expect(loadWaitMs(offer({ state: 'loading', loadMs: 3000 }), 0)).toBe(1500);
  expect(loadWaitMs(offer({ state: 'cold', loadMs: 3000 }), 1)).toBe(1500);
});

test('the service time is measured before it is announced, and announced before it is assumed', () => {
  expect(serviceMs(offer({ decodeTokensPerSecond: 10 }), 700)).toBe(700);
  expect(serviceMs(offer({ decodeTokensPerSecond: 10 }), undefined, 50)).toBe(5000);
  expect(serviceMs(offer({ decodeTokensPerSecond: 100 }), undefined)).toBe(2560);
  expect(serviceMs(offer(), undefined)).toBe(5000);
});

test('reading a prompt takes time by its length, and never less than none', () => {
  expect(prefillMs(offer({ prefillTokensPerSecond: 500 }), 1000)).toBe(2000);
  expect(prefillMs(offer(), -5)).toBe(0);
});

test('offers at rest do not drain the queue', () => {
  const working = standing({ offer: offer({ slots: 4 }), measuredServiceMs: 2000 });
  const resting = standing({ breaker: { phase: 'open', untilMs: 10, restMs: 10, reason: 'faults' } });
  expect(drainPerMs([working, resting], 0)).toBe(4 / 2000);
  expect(drainPerMs([resting], 0)).toBe(0);
});
