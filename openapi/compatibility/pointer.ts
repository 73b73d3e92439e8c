/** The steps of a JSON pointer, unescaped: `#/paths/~1models/get` → `['paths', '/models', 'get']`. */
export function steps(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function lastStep(pointer: string): string {
  return steps(pointer).at(-1) ?? '';
}

/** What a document holds at a pointer, following `$ref`s on the way; undefined when there is nothing. */
export function lookUp(document: unknown, pointer: string): unknown {
  return follow(
    document,
    steps(pointer).reduce<unknown>((value, step) => member(follow(document, value), step), document),
  );
}

function follow(document: unknown, value: unknown): unknown {
  const reference = member(value, '$ref');
  return typeof reference === 'string' ? lookUp(document, reference) : value;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
