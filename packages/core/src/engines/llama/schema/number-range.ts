import { either, literal } from './gbnf.ts';

/** Bounds of a number; absent means none. */
export interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

const mostDigits = 15;
const largestInteger = 10 ** mostDigits - 1;
const fraction = '"." [0-9]{0,14} [1-9]';
const mostDecimals = 6;

/** A grammar for the integers within bounds; undefined when there are none. */
export function integerRange(bounds: Bounds): string | undefined {
  const [low, high] = integerLimits(bounds);
  const parts: string[] = [];
  if (low < 0) parts.push(...naturals(Math.max(1, -high), -low).map((digits) => `"-" ${digits}`));
  if (high >= 0) parts.push(...naturals(Math.max(0, low), high));
  return parts.length === 0 ? undefined : either(parts);
}

/**
 * A grammar for decimal numbers within bounds; undefined when none with up to six decimals was found. It allows whole
 * numbers, and fractions between two whole numbers of the range; a narrow range falls back to single decimals.
 */
export function numberRange(bounds: Bounds): string | undefined {
  const low = Math.max(bounds.minimum ?? -largestInteger, bounds.exclusiveMinimum ?? -largestInteger);
  const high = Math.min(bounds.maximum ?? largestInteger, bounds.exclusiveMaximum ?? largestInteger);
  const whole = integerRange(bounds);
  const parts = whole === undefined ? [] : [whole];
  const above = naturals(Math.max(0, Math.ceil(low)), Math.floor(high) - 1);
  const below = naturals(Math.max(0, Math.ceil(-high)), Math.floor(-low) - 1);
  parts.push(...above.map((digits) => `${digits} ${fraction}`), ...below.map((digits) => `"-" ${digits} ${fraction}`));
  if (above.length + below.length === 0) parts.push(...singleDecimals(low, high, bounds));
  return parts.length === 0 ? undefined : either(parts);
}

function integerLimits({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Bounds): [number, number] {
  const low = Math.max(
    minimum === undefined ? -largestInteger : Math.ceil(minimum),
    exclusiveMinimum === undefined ? -largestInteger : Math.floor(exclusiveMinimum) + 1,
  );
  const high = Math.min(
    maximum === undefined ? largestInteger : Math.floor(maximum),
    exclusiveMaximum === undefined ? largestInteger : Math.ceil(exclusiveMaximum) - 1,
  );
  return [low, high];
}

/** The multiples of 0.1, or else 0.01 and so on, within a range that holds no two neighbouring whole numbers. */
function singleDecimals(low: number, high: number, { exclusiveMinimum, exclusiveMaximum }: Bounds): string[] {
  for (let decimals = 1; decimals <= mostDecimals; decimals++) {
    const scale = 10 ** decimals;
    const found: string[] = [];
    for (let step = Math.floor(low * scale); step <= Math.ceil(high * scale); step++) {
      const value = step / scale;
      const inside = value >= low && value <= high && value !== exclusiveMinimum && value !== exclusiveMaximum;
      if (inside && !Object.is(value, -0)) found.push(literal(value.toFixed(decimals)));
    }
    if (found.length > 0) return found;
  }
  return [];
}

/** Digit patterns for `low` to `high`, both at least 0 and without leading zeros; none when the range is empty. */
function naturals(low: number, high: number): string[] {
  if (low > high) return [];
  const last = Math.min(high, largestInteger);
  const patterns: string[] = [];
  for (let from = low; from <= last; ) {
    const length = String(from).length;
    const to = Math.min(last, 10 ** length - 1);
    patterns.push(...sameLength(String(from), String(to)));
    from = to + 1;
  }
  return patterns;
}

function sameLength(low: string, high: string): string[] {
  if (low === high) return [literal(low)];
  const rest = low.length - 1;
  const first = Number(low[0]);
  const last = Number(high[0]);
  if (rest === 0) return [digits(first, last)];
  if (first === last)
    return sameLength(low.slice(1), high.slice(1)).map((pattern) => `${literal(String(first))} ${pattern}`);
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  const lowIsRound = /^0+$/.test(lowRest);
  const highIsRound = /^9+$/.test(highRest);
  const middle: [number, number] = [lowIsRound ? first : first + 1, highIsRound ? last : last - 1];
  return [
    ...(lowIsRound
      ? []
      : sameLength(lowRest, '9'.repeat(rest)).map((pattern) => `${literal(String(first))} ${pattern}`)),
    ...(middle[0] <= middle[1] ? [`${digits(...middle)} ${anyDigits(rest)}`] : []),
    ...(highIsRound
      ? []
      : sameLength('0'.repeat(rest), highRest).map((pattern) => `${literal(String(last))} ${pattern}`)),
  ];
}

function digits(first: number, last: number): string {
  return first === last ? literal(String(first)) : `[${first}-${last}]`;
}

function anyDigits(count: number): string {
  return count === 1 ? '[0-9]' : `[0-9]{${count}}`;
}
