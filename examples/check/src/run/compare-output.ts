/**
 * The lines of a documented output that nothing in the real one is like. Numbers, units of
 * time and the width of columns may differ, and `…` stands for anything.
 */
export function missingLines(documented: string, actual: string): string[] {
  const lines = actual.split('\n');
  return documented.split('\n').filter((line) => line.trim() !== '' && !lines.some((other) => isLike(line, other)));
}

/** The paths in a documented JSON that the real one lacks, or where it holds something of another kind. */
export function missingPaths(documented: unknown, actual: unknown, path = '$'): string[] {
  if (typeof documented === 'string' && typeof actual === 'string') return isLike(documented, actual) ? [] : [path];
  if (kindOf(documented) !== kindOf(actual)) return [path];
  if (typeof documented !== 'object' || documented === null) return [];
  if (Array.isArray(documented)) return missingElements(documented, actual as unknown[], path);
  const inner = actual as Readonly<Record<string, unknown>>;
  return Object.entries(documented).flatMap(([key, value]) => missingPaths(value, inner[key], `${path}.${key}`));
}

function missingElements(documented: readonly unknown[], actual: readonly unknown[], path: string): string[] {
  const isThere = (one: unknown) => actual.some((other) => missingPaths(one, other).length === 0);
  return documented.flatMap((one, at) => (isThere(one) ? [] : [`${path}.${at}`]));
}

const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** What is another one in every run: ids, times, numbers. */
const variable =
  /Qm[1-9A-HJ-NP-Za-km-z]{44}|(?:req|key|msg)_[\w-]+|\d{4}-\d\d-\d\dT[\d:.]+Z|\d+(?:\.\d+)?(?: (?:ms|s|min)\b)?|…|\s+/g;

function isLike(documented: string, actual: string): boolean {
  let pattern = '';
  let from = 0;
  for (const { 0: found, index } of documented.trim().matchAll(variable)) {
    pattern += RegExp.escape(documented.trim().slice(from, index)) + patternFor(found);
    from = index + found.length;
  }
  return new RegExp(`^${pattern}${RegExp.escape(documented.trim().slice(from))}$`, 'su').test(actual.trim());
}

function patternFor(found: string): string {
  if (found === '…') return '.*';
  if (found.trim() === '') return '\\s+';
  if (/^\d+(?:\.\d+)? [a-z]+$/.test(found)) return '\\d+(?:\\.\\d+)? (?:ms|s|min)';
  return /^\d+(?:\.\d+)?$/.test(found) ? '\\d+(?:\\.\\d+)?' : '[\\w:.-]+';
}
