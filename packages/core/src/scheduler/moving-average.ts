/** A mean and a mean deviation that follow the last dozen or so values; undefined before the first. */
export interface MovingAverage {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
}

const share = 0.15;

export function addToAverage(average: MovingAverage | undefined, value: number): MovingAverage {
  if (average === undefined) return { mean: value, deviation: value / 2, count: 1 };
  const difference = value - average.mean;
  return {
    mean: average.mean + share * difference,
    deviation: average.deviation + share * (Math.abs(difference) - average.deviation),
    count: average.count + 1,
  };
}
