/** Words for people: half of the document, and nothing that is validated. */
const prose = new Set(['description', 'summary']);
const examples = new Set(['example', 'examples']);

/**
 * The contract as the validator needs it: a copy without descriptions and examples. The validator copies what it is given
 * several times over, so this is worth a good part of the memory and the time of a start.
 */
export function validationContract<T>(contract: T): T {
  return withoutProse(contract, '') as T;
}

/** `under` is the key the value stands under: what stands under `properties` are names, whatever they read. */
function withoutProse(value: unknown, under: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item, ''));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => {
    if (under === 'properties') return true;
    return !(examples.has(key) || (prose.has(key) && typeof inner === 'string'));
  });
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutProse(inner, key)]));
}
