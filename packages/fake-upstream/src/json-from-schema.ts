import { createRandom, integerBetween, pick, type Random } from './random.ts';

type Schema = Record<string, unknown>;

interface Generation {
  readonly random: Random;
  readonly root: Schema;
  /** Words of the prompt worth reusing as values, so that an answer is about the question. */
  readonly names: readonly string[];
  readonly numbers: readonly number[];
}

/**
 * A value the schema accepts, the same for the same seed and prompt. Knows types, enum, const, properties, items, lengths,
 * ranges, formats, local `$ref`, anyOf, oneOf, allOf. `pattern` is not generated.
 */
export function jsonFromSchema(schema: unknown, seed: number, prompt = ''): unknown {
  const root = asSchema(schema);
  const names = [...prompt.matchAll(/"([^"]{1,80})"|\b(\p{Lu}\p{Ll}+)\b(?<!^\p{Lu}\p{Ll}+)/gu)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  const numbers = (prompt.match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
  return generate(root, 'value', 0, { random: createRandom(seed), root, names, numbers });
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

function generate(schema: Schema, name: string, depth: number, generation: Generation): unknown {
  const resolved = resolve(schema, generation.root);
  if ('const' in resolved) return resolved['const'];
  if (Array.isArray(resolved['enum'])) return pick(generation.random, resolved['enum']);
  const choices = resolved['anyOf'] ?? resolved['oneOf'];
  if (Array.isArray(choices) && choices.length > 0) {
    // Deep inside a recursive schema the last choice is taken: by habit that is the `null` which ends it.
    const choice = asSchema(depth > 4 ? choices.at(-1) : choices[0]);
    return generate({ ...without(resolved, ['anyOf', 'oneOf']), ...choice }, name, depth, generation);
  }
  return generateType(typeOf(resolved), resolved, name, depth, generation);
}

function resolve(schema: Schema, root: Schema): Schema {
  let resolved = schema;
  for (let step = 0; step < 20 && typeof resolved['$ref'] === 'string'; step++) {
    resolved = { ...lookUp(resolved['$ref'], root), ...without(resolved, ['$ref']) };
  }
  const parts = Array.isArray(resolved['allOf']) ? resolved['allOf'].map((part) => resolve(asSchema(part), root)) : [];
  return parts.reduce(merge, without(resolved, ['allOf']));
}

function lookUp(reference: string, root: Schema): Schema {
  const path = reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '');
  return path.reduce<Schema>((at, part) => asSchema(at[part.replaceAll('~1', '/').replaceAll('~0', '~')]), root);
}

function merge(left: Schema, right: Schema): Schema {
  return {
    ...left,
    ...right,
    properties: { ...asSchema(left['properties']), ...asSchema(right['properties']) },
    required: [...asList(left['required']), ...asList(right['required'])],
  };
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function without(schema: Schema, keys: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));
}

function typeOf(schema: Schema): string {
  const { type } = schema;
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.find((one) => one !== 'null') ?? 'null';
  if (schema['properties'] || schema['required']) return 'object';
  if (schema['items'] || schema['prefixItems']) return 'array';
  if (schema['minimum'] !== undefined || schema['maximum'] !== undefined) return 'number';
  return 'string';
}

function generateType(type: string, schema: Schema, name: string, depth: number, generation: Generation): unknown {
  if (type === 'object') return generateObject(schema, depth, generation);
  if (type === 'array') return generateArray(schema, name, depth, generation);
  if (type === 'integer' || type === 'number') return generateNumber(schema, type === 'integer', generation);
  if (type === 'boolean') return generation.random() < 0.5;
  if (type === 'null') return null;
  return generateString(schema, name, generation);
}

function generateObject(schema: Schema, depth: number, generation: Generation): Record<string, unknown> {
  const properties = asSchema(schema['properties']);
  const required = asList(schema['required']).map(String);
  // Optional properties are filled in too, except deep down, where a recursive schema must come to an end.
  const keys = new Set(depth > 3 ? required : [...Object.keys(properties), ...required]);
  return Object.fromEntries(
    [...keys].map((key) => [key, generate(asSchema(properties[key]), key, depth + 1, generation)]),
  );
}

function generateArray(schema: Schema, name: string, depth: number, generation: Generation): unknown[] {
  const prefix = asList(schema['prefixItems']);
  const low = Math.max(numberIn(schema, 'minItems') ?? (depth > 3 ? 0 : 1), prefix.length);
  const high = Math.min(numberIn(schema, 'maxItems') ?? low + 2, low + 2);
  const length =
    schema['items'] === false ? prefix.length : integerBetween(generation.random, low, Math.max(low, high));
  const items = Array.from({ length }, (_, index) =>
    generate(asSchema(prefix[index] ?? schema['items']), name, depth + 1, generation),
  );
  return schema['uniqueItems'] === true ? makeUnique(items) : items;
}

function makeUnique(items: readonly unknown[]): unknown[] {
  const seen = new Map(items.map((item) => [JSON.stringify(item), item]));
  const missing = items.length - seen.size;
  const first = items[0];
  const extra = Array.from({ length: missing }, (_, index) => {
    if (typeof first === 'number') return Math.max(...(items as number[])) + index + 1;
    return typeof first === 'string' ? `${first} ${index + 2}` : first;
  });
  return [...seen.values(), ...extra];
}

const numberIn = (schema: Schema, key: string): number | undefined =>
  typeof schema[key] === 'number' ? schema[key] : undefined;

function generateNumber(schema: Schema, whole: boolean, { random, numbers }: Generation): number {
  const step = numberIn(schema, 'multipleOf') ?? (whole ? 1 : 0.5);
  const low =
    numberIn(schema, 'minimum') ??
    above(numberIn(schema, 'exclusiveMinimum'), step) ??
    Math.min(0, (numberIn(schema, 'maximum') ?? 1) - 1);
  const high = numberIn(schema, 'maximum') ?? above(numberIn(schema, 'exclusiveMaximum'), -step) ?? low + 100;
  const said = numbers.find((number) => number >= low && number <= high && Number.isInteger(number / step));
  if (said !== undefined) return said;
  const firstStep = Math.ceil(low / step);
  const lastStep = Math.floor(high / step);
  // No multiple lies between the ends: only possible for plain numbers, where any value in the range will do.
  if (lastStep < firstStep) return (low + high) / 2;
  return Number((integerBetween(random, firstStep, lastStep) * step).toFixed(6));
}

const above = (limit: number | undefined, step: number) => (limit === undefined ? undefined : limit + step);

const formats: Record<string, string> = {
  date: '2025-03-20',
  time: '12:30:00Z',
  'date-time': '2025-03-20T12:30:00Z',
  email: 'frog@pond.example',
  uri: 'https://pond.example/lily',
  uuid: '7b1c3c1e-4f5a-4c6b-9d2e-0a1b2c3d4e5f',
  ipv4: '192.0.2.7',
  hostname: 'pond.example',
};

const plainWords = ['lily', 'pond', 'reed', 'heron', 'willow', 'ripple', 'moss', 'dusk'];

function generateString(schema: Schema, name: string, { random, names }: Generation): string {
  const formatted = formats[String(schema['format'])];
  if (formatted !== undefined) return formatted;
  const low = numberIn(schema, 'minLength') ?? 0;
  const high = numberIn(schema, 'maxLength') ?? Math.max(low, 200);
  let text = pick(random, names.length > 0 ? names : [...plainWords, name]);
  while (text.length < low) text += ` ${pick(random, plainWords)}`;
  return text.slice(0, high);
}
