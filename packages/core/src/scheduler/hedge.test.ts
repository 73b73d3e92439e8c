import { expect, test } from 'vitest';
import { HedgeBudget, whyNotHedge } from './hedge.ts';

test('nothing is hedged unless a share is set', () => {
  const budget = new HedgeBudget();
  for (let request = 0; request < 1000; request++) budget.countRequest();
  expect(whyNotHedge({ waitedMs: 1e6, lateFirstTokenMs: 100, hedges: 0, budget })).toBe('the hedge budget is spent');
});

test('only a first token later than usual is hedged, once', () => {
  const budget = new HedgeBudget({ share: 1 });
  budget.countRequest();
  const question = { waitedMs: 500, lateFirstTokenMs: 400, hedges: 0, budget };
  expect(whyNotHedge(question)).toBeUndefined();
  expect(whyNotHedge({ ...question, waitedMs: 399 })).toBe('not late before 400 ms');
  expect(whyNotHedge({ ...question, lateFirstTokenMs: undefined })).toContain('too few');
  expect(whyNotHedge({ ...question, hedges: 1 })).toBe('hedged already');
});

test('however late all answers are, hedges stay within their share and a burst', () => {
  const budget = new HedgeBudget({ share: 0.05, burst: 10 });
  let hedges = 0;
  for (let request = 0; request < 10_000; request++) {
    budget.countRequest();
    if (!budget.allows()) continue;
    budget.countHedge();
    hedges++;
  }
  expect(hedges).toBeGreaterThan(490);
  expect(hedges).toBeLessThanOrEqual(500);
});
