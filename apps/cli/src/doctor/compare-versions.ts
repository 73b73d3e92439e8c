/** Whether one version comes before another, like 0.9.1 before 0.10.0. What follows a hyphen does not count. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [partsOf(version), partsOf(than)];
  const at = one.findIndex((part, index) => part !== other[index]);
  return at !== -1 && (one[at] ?? 0) < (other[at] ?? 0);
}

function partsOf(version: string): number[] {
  return [0, 1, 2].map((index) => Number.parseInt(version.split('-')[0]?.split('.')[index] ?? '', 10) || 0);
}
