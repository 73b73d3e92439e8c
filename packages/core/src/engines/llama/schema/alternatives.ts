import type { JsonSchema } from './json-schema.ts';
import { unsupported } from './unsupported.ts';

/** A schema without `anyOf`, `oneOf` and `allOf`; with `$ref` only when that is all it says. */
export type PlainSchema = { readonly [keyword: string]: unknown };

export interface Located<Schema> {
  readonly schema: Schema;
  /** Where it stands in the request. */
  readonly param: string;
}

const mostAlternatives = 256;
const deepestReference = 32;

/**
 * Takes a schema apart into plain ones of which any may hold.
 *
 * `allOf` and the keywords beside a combinator are merged into each alternative. Of `oneOf` all members are taken, though
 * strictly only one may hold; the finished answer is validated again.
 */
export class Alternatives {
  readonly #root: JsonSchema;
  readonly #rootParam: string;

  constructor(root: JsonSchema, rootParam: string) {
    this.#root = root;
    this.#rootParam = rootParam;
  }

  of({ schema, param }: Located<JsonSchema>, depth = 0): readonly Located<PlainSchema>[] {
    if (schema === true) return [{ schema: {}, param }];
    if (!isObject(schema)) throw unsupported(param, schema === false ? 'nothing satisfies false' : 'it is no schema');
    if (depth > deepestReference) throw unsupported(param, 'it refers to itself without end');
    const { anyOf, oneOf, allOf, $ref, $defs: _, definitions: __, ...own } = schema;
    const bare = withoutAnnotations(own);
    if ($ref !== undefined && anyOf === undefined && oneOf === undefined && allOf === undefined && isEmpty(bare)) {
      return [{ schema: { $ref }, param }];
    }
    const factors: (readonly Located<PlainSchema>[])[] = [[{ schema: bare, param }]];
    if ($ref !== undefined) factors.push(this.of(this.resolve($ref, param), depth + 1));
    if (anyOf !== undefined) factors.push(this.#members(anyOf, `${param}.anyOf`, depth).flat());
    if (oneOf !== undefined) factors.push(this.#members(oneOf, `${param}.oneOf`, depth).flat());
    if (allOf !== undefined) factors.push(...this.#members(allOf, `${param}.allOf`, depth));
    return factors.reduce((left, right) => this.#combine(left, right, param, depth));
  }

  /** The schema a local reference points to. */
  resolve(reference: unknown, param: string): Located<JsonSchema> {
    if (typeof reference !== 'string' || !/^#(\/|$)/.test(reference)) {
      throw unsupported(`${param}.$ref`, 'only references within the schema (#/…) can be followed');
    }
    let schema: unknown = this.#root;
    const steps = reference.slice(1).split('/').slice(1).map(unescapePointer);
    for (const step of steps)
      schema = isObject(schema) || Array.isArray(schema) ? Reflect.get(schema, step) : undefined;
    if (typeof schema !== 'boolean' && !isObject(schema))
      throw unsupported(`${param}.$ref`, `there is no ${reference}`);
    return { schema: schema as JsonSchema, param: [this.#rootParam, ...steps].join('.') };
  }

  #members(members: unknown, param: string, depth: number): (readonly Located<PlainSchema>[])[] {
    if (!Array.isArray(members) || members.length === 0) throw unsupported(param, 'it must be a list of schemas');
    return members.map((schema: JsonSchema, index) => this.of({ schema, param: `${param}[${index}]` }, depth + 1));
  }

  #combine(
    left: readonly Located<PlainSchema>[],
    right: readonly Located<PlainSchema>[],
    param: string,
    depth: number,
  ): readonly Located<PlainSchema>[] {
    if (left.length * right.length > mostAlternatives)
      throw unsupported(param, `it has over ${mostAlternatives} alternatives`);
    const merged = left.flatMap((a) => right.flatMap((b) => this.#merge(a, b, depth)));
    if (merged.length === 0) throw unsupported(param, 'its parts contradict each other');
    return merged;
  }

  #merge(a: Located<PlainSchema>, b: Located<PlainSchema>, depth: number): readonly Located<PlainSchema>[] {
    if (isEmpty(a.schema)) return [b];
    if (isEmpty(b.schema)) return [a];
    if (a.schema['$ref'] !== undefined) return this.#mergeResolved(a, b, depth);
    if (b.schema['$ref'] !== undefined) return this.#mergeResolved(b, a, depth);
    const schema = mergePlain(a.schema, b.schema, b.param);
    return schema === undefined ? [] : [{ schema, param: b.param }];
  }

  #mergeResolved(reference: Located<PlainSchema>, other: Located<PlainSchema>, depth: number) {
    const targets = this.of(this.resolve(reference.schema['$ref'], reference.param), depth + 1);
    return targets.flatMap((target) => this.#merge(target, other, depth + 1));
  }
}

/** Both at once; undefined when nothing can satisfy both. */
function mergePlain(a: PlainSchema, b: PlainSchema, param: string): PlainSchema | undefined {
  const merged: Record<string, unknown> = { ...a };
  for (const [keyword, value] of Object.entries(b)) {
    const known = merged[keyword];
    merged[keyword] = known === undefined ? value : mergeKeyword(keyword, known, value, param);
    if (merged[keyword] === contradiction) return undefined;
  }
  return merged;
}

const contradiction = Symbol('contradiction');
const lowerBounds = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);
const upperBounds = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);

function mergeKeyword(keyword: string, a: unknown, b: unknown, param: string): unknown {
  if (JSON.stringify(a) === JSON.stringify(b)) return a;
  if (lowerBounds.has(keyword)) return Math.max(Number(a), Number(b));
  if (upperBounds.has(keyword)) return Math.min(Number(a), Number(b));
  if (keyword === 'required') return [...new Set([...asList(a), ...asList(b)])];
  if (keyword === 'properties' && isObject(a) && isObject(b)) return mergeProperties(a, b);
  if (keyword === 'type' || keyword === 'enum') return intersection(asList(a), asList(b));
  if (keyword === 'const') return contradiction;
  if (keyword === 'additionalProperties' || keyword === 'items')
    return a === false || b === false ? false : { allOf: [a, b] };
  throw unsupported(`${param}.${keyword}`, `two different values of ${keyword} cannot be merged`);
}

function mergeProperties(a: PlainSchema, b: PlainSchema): PlainSchema {
  const shared = Object.entries(b).map(([name, schema]) => [name, name in a ? { allOf: [a[name], schema] } : schema]);
  return { ...a, ...Object.fromEntries(shared) };
}

function intersection(a: readonly unknown[], b: readonly unknown[]): unknown {
  const known = new Set(b.map((value) => JSON.stringify(value)));
  const both = a.filter((value) => known.has(JSON.stringify(value)));
  return both.length === 0 ? contradiction : both;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(schema: PlainSchema): boolean {
  return Object.keys(schema).length === 0;
}

const annotations = new Set(
  '$schema $id $anchor $comment title description default examples deprecated readOnly writeOnly'.split(' '),
);

function withoutAnnotations(schema: PlainSchema): PlainSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !annotations.has(keyword)));
}

function unescapePointer(step: string): string {
  return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
}
