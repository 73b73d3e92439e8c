import { expect, it } from 'vitest';
import type { Measurement } from './measurement.ts';
import { compare, difference, failuresOf, ratio } from './summarize.ts';

const load = { target: 'anura', stream: false, connections: 1 };

function measurement(changes: Partial<Measurement>): Measurement {
  const figures = { answered: 1, perSecond: 1, p50Ms: 1, p99Ms: 1, processorMicros: 1 };
  return {
    ...load,
    ...figures,
    round: 0,
    failures: {},
    firstTokenP50Ms: Number.NaN,
    firstTokenP99Ms: Number.NaN,
    ...changes,
  };
}

it('compares within a round, so that a slow round does not count against one side', () => {
  const measurements = [
    measurement({ target: 'direct', round: 0, p50Ms: 1 }),
    measurement({ round: 0, p50Ms: 2 }),
    measurement({ target: 'direct', round: 1, p50Ms: 101 }),
    measurement({ round: 1, p50Ms: 102 }),
  ];
  expect(compare(measurements, load, 'direct', 'p50Ms', difference)).toBe(1);
});

it('has no comparison with what was not measured', () => {
  expect(compare([measurement({})], load, 'portkey', 'perSecond', ratio)).toBeNaN();
});

it('adds up failures by target and reason', () => {
  const measurements = [measurement({ failures: { 'status 503': 2 } }), measurement({ failures: { 'status 503': 1 } })];
  expect(failuresOf(measurements)).toEqual({ 'anura plain: status 503': 3 });
});
