import { describe, expect, it } from 'vitest';
import { slope } from './line-fit.ts';
import { median, quantile } from './median.ts';

describe('quantile', () => {
  it('interpolates between neighbours', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([10, 20], 0.99)).toBeCloseTo(19.9);
  });

  it('has no answer for nothing', () => {
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('median', () => {
  it('does not mind the order, and leaves the list as it was', () => {
    const values = [9, 1, 5];
    expect(median(values)).toBe(5);
    expect(values).toEqual([9, 1, 5]);
  });
});

describe('slope', () => {
  it('finds the rise of a line through noise', () => {
    const points = [0, 1, 2, 3, 4, 5].map((x) => ({ x, y: 100 + 2 * x + (x % 2) }));
    expect(slope(points)).toBeCloseTo(2, 0);
  });

  it('is flat where there is nothing to fit', () => {
    expect(slope([{ x: 1, y: 5 }])).toBe(0);
  });
});
