import type { Goal } from '../report/goal.ts';
import { amount, table } from '../report/table.ts';
import { median } from '../statistics/median.ts';
import type { JobsFigures, JobsMeasurement } from './measure-jobs.ts';

const headings = ['queue', 'jobs kept', 'submits/s', 'of anura', 'claim+settle/s', 'of anura', 'longest pause'];

/** A table for each size, of the medians of the rounds; then what was left out. */
export function reportJobs({ measurements, skipped, inFlight, jobsEachRound }: JobsFigures): string {
  const tables = sizesOf(measurements).map((size) => {
    const ofSize = measurements.filter((one) => one.size === size);
    return `Anura with ${size.toLocaleString('en')} finished jobs\n\n${table(headings, rowsOf(ofSize))}`;
  });
  const how = `Medians of rounds of ${jobsEachRound} jobs, ${inFlight} in flight; "of anura" compares round by round.`;
  return [...tables, how, ...skipped.map(({ name, reason }) => `Left out: ${name}, ${reason}`)].join('\n\n');
}

/** The rates Anura is to reach at every size of its table. */
export function jobsGoals({ measurements }: JobsFigures): Goal[] {
  return sizesOf(measurements).flatMap((size) => {
    const ours = measurements.filter((one) => one.size === size && one.name === 'anura');
    const jobs = `at ${size.toLocaleString('en')} jobs`;
    return [
      { name: `durable submits ${jobs}`, measured: median(ours.map(submits)), unit: '/s', atLeast: 2000 },
      { name: `claim+settle ${jobs}`, measured: median(ours.map(settles)), unit: '/s', atLeast: 2000 },
    ];
  });
}

const submits = (one: JobsMeasurement): number => one.submitsPerSecond;
const settles = (one: JobsMeasurement): number => one.settlesPerSecond;
const sizesOf = (measurements: readonly JobsMeasurement[]): number[] => [
  ...new Set(measurements.map(({ size }) => size)),
];

function rowsOf(measurements: readonly JobsMeasurement[]): string[][] {
  const anura = measurements.filter(({ name }) => name === 'anura');
  return [...Map.groupBy(measurements, ({ name }) => name)].map(([name, own]) => {
    const middle = (figure: (one: JobsMeasurement) => number) => median(own.map(figure));
    const ratio = (figure: (one: JobsMeasurement) => number) => amount(medianRatio(own, anura, figure));
    return [
      name,
      amount(Math.min(...own.map(({ kept }) => kept)), 0),
      amount(middle(submits), 0),
      ratio(submits),
      amount(middle(settles), 0),
      ratio(settles),
      `${amount(Math.max(...own.map(({ longestPauseMs }) => longestPauseMs)), 0)} ms`,
    ];
  });
}

/** The middle of what a queue reached as a part of what another did in the same round. */
function medianRatio(
  own: readonly JobsMeasurement[],
  other: readonly JobsMeasurement[],
  figure: (one: JobsMeasurement) => number,
): number {
  return median(
    own.flatMap((one, round) => {
      const beside = other[round];
      return beside === undefined ? [] : [figure(one) / figure(beside)];
    }),
  );
}
