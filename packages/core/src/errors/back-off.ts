/**
 * The pause after so many failures in a row: 1, 2, 4 … times `shortestMs`, at most `longestMs`, give or take a quarter so that
 * many who failed together do not come back together. Milliseconds.
 */
export function backOffMs(
  failures: number,
  { shortestMs, longestMs }: { readonly shortestMs: number; readonly longestMs: number },
  random: () => number = Math.random,
): number {
  return Math.min(longestMs, shortestMs * 2 ** (failures - 1)) * (0.75 + random() / 2);
}
