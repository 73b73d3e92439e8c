/** The name most like `wrong`, when one is close enough to have been meant: a slip in every third letter, three at most. */
export function didYouMean(wrong: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.min(3, Math.ceil(wrong.length / 3)) + 1;
  for (const name of names) {
    const slips = editDistance(plain(wrong), plain(name));
    if (slips < fewest) [best, fewest] = [name, slips];
  }
  return best;
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[-_. ]/g, '');

/** Letters to insert, drop or change (Levenshtein). Names beyond 80 letters are not worth comparing. */
function editDistance(a: string, b: string): number {
  if (a.length > 80 || b.length > 80) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...a].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...b].entries()) {
      const change = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
