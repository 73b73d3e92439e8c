import { median } from '../statistics/median.ts';
import type { Measurement } from './measurement.ts';

/** A figure of a measurement that can be compared between targets. */
export type Figure = {
  [Name in keyof Measurement]: Measurement[Name] extends number ? Name : never;
}[keyof Measurement];

/** All rounds of one target under one load. */
export interface Load {
  readonly target: string;
  readonly stream: boolean;
  readonly connections: number;
}

function roundsOf(measurements: readonly Measurement[], { target, stream, connections }: Load): Measurement[] {
  return measurements.filter(
    (one) => one.target === target && one.stream === stream && one.connections === connections,
  );
}

/** The median of a figure over the rounds; NaN where there are none. */
export function figureOf(measurements: readonly Measurement[], load: Load, figure: Figure): number {
  return median(roundsOf(measurements, load).map((one) => one[figure]));
}

/**
 * Compares two targets round by round and takes the median of that: what disturbed a round disturbed both sides of it.
 * NaN where one of them was not measured.
 */
export function compare(
  measurements: readonly Measurement[],
  load: Load,
  other: string,
  figure: Figure,
  by: (one: number, other: number) => number,
): number {
  const others = new Map(roundsOf(measurements, { ...load, target: other }).map((one) => [one.round, one[figure]]));
  return median(
    roundsOf(measurements, load).flatMap((one) => {
      const beside = others.get(one.round);
      return beside === undefined ? [] : [by(one[figure], beside)];
    }),
  );
}

export const difference = (one: number, other: number): number => one - other;
export const ratio = (one: number, other: number): number => one / other;

/** Failed requests by target and reason. */
export function failuresOf(measurements: readonly Measurement[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const { target, stream, failures } of measurements) {
    for (const [reason, count] of Object.entries(failures)) {
      const name = `${target} ${stream ? 'stream' : 'plain'}: ${reason}`;
      total[name] = (total[name] ?? 0) + count;
    }
  }
  return total;
}
