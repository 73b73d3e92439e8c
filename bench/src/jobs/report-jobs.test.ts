import { expect, test } from 'vitest';
import type { JobsFigures, JobsMeasurement } from './measure-jobs.ts';
import { jobsGoals, reportJobs } from './report-jobs.ts';

const round = (name: string, submitsPerSecond: number, settlesPerSecond: number): JobsMeasurement => ({
  name,
  size: 1000,
  kept: 1000,
  submitsPerSecond,
  settlesPerSecond,
  longestPauseMs: 5,
});

// The second round was disturbed, for both alike.
const figures: JobsFigures = {
  inFlight: 64,
  jobsEachRound: 100,
  measurements: [
    round('anura', 4000, 3000),
    round('rival', 8000, 1500),
    round('rival', 4000, 750),
    round('anura', 2000, 1500),
    round('anura', 4000, 3000),
    round('rival', 8000, 1500),
  ],
  skipped: [{ name: 'other', reason: 'no server here' }],
};

test('a queue is compared with Anura round by round, so that what disturbs a round changes nothing', () => {
  expect(reportJobs(figures)).toMatch(/rival +1000 +8000 +2\.00 +1500 +0\.50/);
});

test('a queue that was left out is named with the reason', () => {
  expect(reportJobs(figures)).toContain('Left out: other, no server here');
});

test('the goals speak of the median of Anura alone', () => {
  expect(jobsGoals(figures).map(({ measured }) => measured)).toEqual([4000, 3000]);
});
