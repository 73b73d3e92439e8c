import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durations, sizes } from './quantities.ts';

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5s', 1500],
  ['10m', 600_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  ['0', 0],
  [' 5 S ', 5000],
])('the duration %j is %d milliseconds', (text, milliseconds) => {
  expect(durations.parse(text)).toBe(milliseconds);
});

test.each([
  ['512kb', 524_288],
  ['20mb', 20_971_520],
  ['1.5GB', 1_610_612_736],
  ['17b', 17],
])('the size %j is %d bytes', (text, bytes) => {
  expect(sizes.parse(text)).toBe(bytes);
});

test.each(['', '30', '30 apples', '-5s', 's', '1e3s', '5s5s', '99999999999999999d', '[object Object]'])(
  '%j is no duration',
  (text) => {
    expect(durations.parse(text)).toBeUndefined();
  },
);

test.each([durations, sizes])('what is printed is read back as the same amount', (quantity) => {
  const amounts = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 50 }));
  fc.assert(fc.property(amounts, (amount) => quantity.parse(quantity.print(amount)) === amount));
});

test('an amount is printed in the largest unit that fits it exactly', () => {
  expect(durations.print(90_000)).toBe('90s');
  expect(durations.print(3_600_000)).toBe('1h');
  expect(sizes.print(1536)).toBe('1536b');
});
