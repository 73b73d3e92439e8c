/** A way to write an amount with its unit, such as `30s` or `20mb`. */
export interface Quantity {
  /** The amount in the smallest unit, or undefined when the text is not such an amount. */
  parse(text: string): number | undefined;
  /** The shortest exact way to write the amount. */
  print(amount: number): string;
}

/** Durations, in milliseconds: `500ms`, `30s`, `10m`, `2h`, `7d`. */
export const durations: Quantity = quantity([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);

/** Sizes, in bytes; each unit is 1024 of the one below: `512kb`, `20mb`, `1.5gb`. */
export const sizes: Quantity = quantity([
  ['tb', 1024 ** 4],
  ['gb', 1024 ** 3],
  ['mb', 1024 ** 2],
  ['kb', 1024],
  ['b', 1],
]);

/** `units` from the largest to the smallest. A bare number is refused, `0` apart: its unit would be a guess. */
function quantity(units: readonly (readonly [name: string, amount: number])[]): Quantity {
  const amountOf = new Map(units);
  return {
    parse(text) {
      if (text === '0') return 0;
      const [, digits, unit] = /^(\d{1,16}(?:\.\d{1,6})?)\s*([a-z]+)$/.exec(text.trim().toLowerCase()) ?? [];
      const amount = Number(digits) * (amountOf.get(unit ?? '') ?? Number.NaN);
      return Number.isSafeInteger(Math.round(amount)) ? Math.round(amount) : undefined;
    },
    print(amount) {
      const [name, size] = units.find(([, size]) => amount >= size && amount % size === 0) ?? ['', 1];
      return `${amount / size}${name}`;
    },
  };
}
