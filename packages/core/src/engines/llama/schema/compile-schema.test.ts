import { Ajv2020 } from 'ajv/dist/2020.js';
import { array, assert, boolean, constantFrom, integer, letrec, property, record, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrammarSampler } from '../__fixtures__/grammar-sampler.ts';
import { schemas } from '../__fixtures__/schemas.ts';
import { compileSchema } from './compile-schema.ts';
import { GrammarText } from './gbnf.ts';
import type { JsonSchema } from './json-schema.ts';

function compile(schema: JsonSchema, unenforceable: 'refuse' | 'ignore' = 'refuse'): string {
  const grammar = new GrammarText();
  const document = compileSchema(schema, grammar, { param: 'schema', unenforceable });
  return `root ::= ${document}\n${grammar}`;
}

/** Texts a model could write under the schema. */
function draws(schema: JsonSchema, count = 30, seed = 1): string[] {
  const sampler = new GrammarSampler(compile(schema), randomFrom(seed));
  return Array.from({ length: count }, () => sampler.draw());
}

function randomFrom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function expectValid(schema: JsonSchema, seed?: number): void {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  for (const text of draws(schema, 30, seed)) {
    const valid = validate(JSON.parse(text));
    if (!valid)
      throw new Error(`${text} does not satisfy ${JSON.stringify(schema)}: ${JSON.stringify(validate.errors)}`);
  }
}

describe('compileSchema', () => {
  it.each(Object.keys(schemas))('allows only valid documents: %s', (name) => {
    expectValid(schemas[name] ?? {});
  });

  it('allows only integers within any bounds', () => {
    const bound = integer({ min: -100_000, max: 100_000 });
    void assert(
      property(bound, bound, integer(), (a, b, seed) => {
        expectValid({ type: 'integer', minimum: Math.min(a, b), maximum: Math.max(a, b) }, seed);
      }),
      { numRuns: 40 },
    );
  });

  it('reaches both ends of a range of integers', () => {
    const values = new Set(draws({ type: 'integer', minimum: 8, maximum: 12 }, 200).map(Number));
    expect([...values].sort((a, b) => a - b)).toEqual([8, 9, 10, 11, 12]);
  });

  it('allows only valid documents for schemas put together at random', () => {
    const { schema } = letrec<{ schema: JsonSchema; leaf: JsonSchema }>((tie) => ({
      leaf: constantFrom<JsonSchema[]>(
        { type: 'string', maxLength: 4 },
        { type: 'integer', minimum: -2, exclusiveMaximum: 30 },
        { type: ['boolean', 'null'] },
        { enum: ['a', 'b"\\', 3] },
        { type: 'string', pattern: '^\\w+$' },
      ),
      schema: constantFrom('leaf', 'object', 'array', 'anyOf').chain((kind) => {
        const inner = tie('leaf');
        if (kind === 'array') {
          return record({ type: constantFrom('array'), items: inner, minItems: integer({ min: 0, max: 2 }) });
        }
        if (kind === 'anyOf') return record({ anyOf: array(inner, { minLength: 1, maxLength: 3 }) });
        if (kind === 'leaf') return inner;
        return objectSchema(inner);
      }),
    }));
    void assert(
      property(schema, integer(), (candidate, seed) => expectValid(candidate, seed)),
      { numRuns: 50 },
    );
  });

  it.each([
    ['schema.properties.a.type', { type: 'object', properties: { a: { type: 'strin' } } }],
    ['schema.uniqueItems', { type: 'array', uniqueItems: true }],
    ['schema.not', { not: { type: 'string' } }],
    ['schema.items.pattern', { type: 'array', items: { type: 'string', pattern: '(?=a)b' } }],
    ['schema.$ref', { $ref: 'https://example.com/schema.json' }],
    ['schema.$ref', { $ref: '#/$defs/missing' }],
    ['schema', { type: 'integer', minimum: 3, maximum: 2 }],
    ['schema', { $ref: '#', type: 'object' }],
    ['schema', false],
    ['schema.minLength', { type: 'string', minLength: 1e9 }],
    ['schema.minItems', { type: 'array', minItems: 1e9 }],
    ['schema.minItems', { type: 'array', prefixItems: [{}], minItems: 1e9 }],
  ])('refuses what cannot be enforced, naming %s', (param, schema) => {
    expect(() => compile(schema as JsonSchema)).toThrowError(
      expect.objectContaining({ code: 'invalid-request', data: expect.objectContaining({ param }) }),
    );
  });

  it('ignores for tool arguments what cannot be enforced', () => {
    expect(() => compile({ type: 'array', items: { type: 'string' }, uniqueItems: true }, 'ignore')).not.toThrow();
    expect(() => compile({ type: 'string', pattern: '(?=a)b' }, 'ignore')).not.toThrow();
  });

  it('bounds blanks, so that a model cannot write them for ever', () => {
    expect(compile({ type: 'array', items: { type: 'null' } })).toContain(
      String.raw`json-space ::= | " " | "\n" [ \t]{0,20}`,
    );
  });
});

function objectSchema(inner: ReturnType<typeof constantFrom<JsonSchema[]>>) {
  const names = uniqueArray(constantFrom('a', 'b', 'c', 'quote"d'), { minLength: 1 });
  return names.chain((properties) =>
    record({
      inner: array(inner, { minLength: properties.length, maxLength: properties.length }),
      required: array(boolean(), { minLength: properties.length, maxLength: properties.length }),
    }).map(({ inner: members, required }) => ({
      type: 'object',
      properties: Object.fromEntries(properties.map((name, index) => [name, members[index] ?? true])),
      required: properties.filter((_, index) => required[index]),
    })),
  );
}
