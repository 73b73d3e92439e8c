/** The names most like `wanted`, best first, at most `count`; names that have little in common with it are left out. */
export function closestNames(wanted: string, names: Iterable<string>, count = 3): string[] {
  const target = wanted.slice(0, 64).toLowerCase();
  return [...names]
    .map((name) => ({ name, distance: nameDistance(target, name.slice(0, 64).toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(target.length, name.length) / 2)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** A name with or without its tag (`llama3.1` and `llama3.1:8b`) is as close as one typing mistake. */
function nameDistance(one: string, other: string): number {
  if (one.startsWith(`${other}:`) || other.startsWith(`${one}:`)) return 1;
  return editDistance(one, other);
}

/** Levenshtein: the fewest characters to insert, delete or replace. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
