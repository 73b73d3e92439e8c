import type { Contract } from './contract.ts';

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/**
 * Writes on every operation the security it inherits. `redocly diff` compares what is written: it misses an operation that
 * was open and now inherits the key, and calls a break what only spells the same out.
 */
export function spellOut({ security: everywhere = [], paths = {}, ...rest }: Contract): Contract {
  const spelled = mapValues(paths, (item) =>
    mapValues(item, (part, key) => (methods.has(key) ? { security: everywhere, ...(part as object) } : part)),
  );
  return { ...rest, paths: spelled };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From, key: string) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
