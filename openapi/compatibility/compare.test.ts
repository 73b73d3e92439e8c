import { afterEach, describe, expect, it, vi } from 'vitest';
import { answers, asks, contractOf, operation, type Part, takes } from './__fixtures__/operations.ts';
import { compareContracts } from './compare.ts';

const string = { type: 'string' };
const number = { type: 'number' };
const nothing = { type: 'null' };
const list = (items: Part, limits: Part = {}) => ({ type: 'array', items, ...limits });
const fields = (properties: Part, required: string[] = [], limits: Part = {}) => ({
  type: 'object',
  properties,
  required,
  ...limits,
});
const tagged = (kind: string, properties: Part = {}, required: string[] = []) =>
  fields({ kind: { const: kind }, ...properties }, ['kind', ...required]);
const query = (schema: Part = string, more: Part = {}) => ({ name: 'q', in: 'query', schema, ...more });
const gives = (responses: Part) => operation({ responses: { 200: { description: 'Done.' }, ...responses } });
const guarded = (...security: Part[]) => operation({ security });
const to = (name: string) => ({ $ref: `#/components/schemas/${name}` });

type Pair = readonly [what: string, before: Part, after: Part | undefined, expected?: string | readonly string[]];

/** Each pair is one operation of one contract, so that all of them cost one comparison. */
const pairs: readonly Pair[] = [
  ['an operation that is gone', operation(), undefined, 'path-removed'],
  [
    'a renamed operation',
    operation({ operationId: 'before' }),
    operation({ operationId: 'after' }),
    'operation-id-changed',
  ],
  ['another description', operation({ description: 'before' }), operation({ description: 'after' })],

  ['a new parameter', operation(), takes(query())],
  ['a new required parameter', operation(), takes(query(string, { required: true })), 'parameter-became-required'],
  [
    'a parameter that became required',
    takes(query()),
    takes(query(string, { required: true })),
    'parameter-became-required',
  ],
  ['a parameter no longer required', takes(query(string, { required: true })), takes(query())],
  ['a parameter that is gone', takes(query()), operation(), 'parameter-removed'],
  ['a parameter of fewer types', takes(query(string)), takes(query({ type: 'integer' })), 'schema-type-changed'],
  [
    'a parameter with another default',
    takes(query({ ...string, default: 'a' })),
    takes(query({ ...string, default: 'b' })),
    'default-changed',
  ],

  ['a new field in a request', asks(fields({})), asks(fields({ a: string }))],
  [
    'a new required field in a request',
    asks(fields({})),
    asks(fields({ a: string }, ['a'])),
    'required-properties-added',
  ],
  [
    'a field of a request that became required',
    asks(fields({ a: string })),
    asks(fields({ a: string }, ['a'])),
    'required-properties-added',
  ],
  ['a field of a request no longer required', asks(fields({ a: string }, ['a'])), asks(fields({ a: string }))],
  [
    'a field of a request that is gone',
    asks(fields({ a: string, b: string })),
    asks(fields({ a: string })),
    'request-property-removed',
  ],
  [
    'a renamed field of a request',
    asks(fields({ colour: string })),
    asks(fields({ color: string })),
    'request-property-removed',
  ],
  [
    'a field of an answer that is gone',
    answers(fields({ a: string, b: string })),
    answers(fields({ a: string })),
    'property-removed',
  ],
  ['a new field in an answer', answers(fields({})), answers(fields({ a: string }, ['a']))],
  [
    'a field of an answer no longer promised',
    answers(fields({ a: string }, ['a'])),
    answers(fields({ a: string })),
    'required-properties-removed',
  ],
  ['a field of an answer that is now promised', answers(fields({ a: string })), answers(fields({ a: string }, ['a']))],

  ['fewer types asked for', asks({ type: ['string', 'null'] }), asks(string), 'schema-type-changed'],
  ['more types asked for', asks(string), asks({ type: ['string', 'null'] })],
  ['fewer types answered', answers({ type: ['string', 'null'] }), answers(string)],
  ['more types answered', answers(string), answers({ type: ['string', 'null'] }), 'schema-type-changed'],
  ['whole numbers where any went', asks(number), asks({ type: 'integer' }), 'schema-type-changed'],
  ['any number where whole ones came', answers({ type: 'integer' }), answers(number), 'schema-type-changed'],

  ['a value fewer to ask for', asks({ enum: ['a', 'b'] }), asks({ enum: ['a'] }), 'enum-values-removed'],
  ['a value more to ask for', asks({ enum: ['a'] }), asks({ enum: ['a', 'b'] })],
  [
    'a value more in an answer',
    answers({ enum: ['a'] }),
    answers({ enum: ['a', 'b'] }),
    'surprising enum-values-added',
  ],
  ['an answer that may be any value', answers({ ...string, enum: ['a'] }), answers(string), 'enum-values-added'],
  ['a request that may only be some values', asks(string), asks({ ...string, enum: ['a'] }), 'enum-values-removed'],
  [
    'another constant',
    answers(fields({ a: { const: 'x' } })),
    answers(fields({ a: { const: 'y' } })),
    'schema-constraint-changed',
  ],

  ['a lower maximum', asks({ ...number, maximum: 2 }), asks({ ...number, maximum: 1 }), 'schema-constraint-changed'],
  ['a higher maximum', asks({ ...number, maximum: 1 }), asks({ ...number, maximum: 2 })],
  [
    'a higher maximum in an answer',
    answers({ ...number, maximum: 1 }),
    answers({ ...number, maximum: 2 }),
    'schema-constraint-changed',
  ],
  [
    'a minimum that is no longer allowed itself',
    asks({ ...number, minimum: 0 }),
    asks({ ...number, exclusiveMinimum: 0 }),
    'schema-constraint-changed',
  ],
  ['a minimal length', asks(string), asks({ ...string, minLength: 1 }), 'schema-constraint-changed'],
  [
    'fewer items',
    asks(list(string, { maxItems: 9 })),
    asks(list(string, { maxItems: 8 })),
    'schema-constraint-changed',
  ],
  ['a pattern', asks(string), asks({ ...string, pattern: '^a' }), 'schema-constraint-changed'],
  ['no pattern any more', asks({ ...string, pattern: '^a' }), asks(string)],
  [
    'an object closed',
    asks(fields({})),
    asks(fields({}, [], { additionalProperties: false })),
    'schema-constraint-changed',
  ],
  ['items of fewer types', asks(list({ type: ['string', 'null'] })), asks(list(string)), 'schema-type-changed'],

  [
    'a branch fewer to ask for',
    asks({ oneOf: [string, nothing] }),
    asks({ oneOf: [string] }),
    'schema-combinator-changed',
  ],
  ['a branch more to ask for', asks({ oneOf: [string] }), asks({ oneOf: [string, nothing] })],
  [
    'a branch more in an answer',
    answers({ oneOf: [string] }),
    answers({ oneOf: [string, nothing] }),
    'schema-combinator-changed',
  ],
  ['branches in another order', asks({ oneOf: [string, nothing] }), asks({ oneOf: [nothing, string] })],
  [
    'a demand more on a request',
    asks({ allOf: [fields({})] }),
    asks({ allOf: [fields({}), fields({ b: string }, ['b'])] }),
    'schema-combinator-changed',
  ],
  [
    'a required field in one branch',
    asks({ oneOf: [tagged('a'), tagged('b')] }),
    asks({ oneOf: [tagged('a', { z: string }, ['z']), tagged('b')] }),
    'required-properties-added',
  ],
  [
    'branches told apart by another field',
    asks({ oneOf: [tagged('a')], discriminator: { propertyName: 'kind' } }),
    asks({ oneOf: [tagged('a')], discriminator: { propertyName: 'type' } }),
    'discriminator-changed',
  ],

  ['another schema, equal', asks(to('Plain')), asks(to('PlainToo'))],
  ['another schema, narrower', asks(to('Plain')), asks(to('Strict')), 'required-properties-added'],
  [
    'a schema within itself that became narrower',
    asks(to('Tree')),
    asks(to('NarrowTree')),
    'schema-constraint-changed',
  ],
  ['a schema within itself, written anew', asks(to('Tree')), asks(to('SameTree'))],

  [
    'a body that became required',
    operation(),
    operation({ requestBody: { ...(operation()['requestBody'] as Part), required: true } }),
    'request-body-became-required',
  ],
  [
    'a required body where there was none',
    operation({ requestBody: undefined }),
    operation({ requestBody: { required: true, content: {} } }),
    'request-body-became-required',
  ],
  ['a body where there was none', operation({ requestBody: undefined }), operation()],
  ['another type of body', operation(), asks(string), 'media-type-removed'],
  ['another type of answer', operation(), answers(string), 'media-type-removed'],

  ['a success that is gone', gives({ 202: { description: 'Later.' } }), gives({}), 'response-removed'],
  ['a failure that is gone', gives({ 404: { description: 'None.' } }), gives({}), 'surprising response-removed'],
  ['a failure that is new', gives({}), gives({ 404: { description: 'None.' } })],
  [
    'a header that is gone',
    gives({ 200: { description: 'Done.', headers: { 'X-A': { schema: string } } } }),
    gives({}),
    'response-header-removed',
  ],

  ['a key where none was asked for', guarded(), operation(), 'security-requirement-changed'],
  ['no key any more', operation(), guarded()],
  ['the key it inherited, spelled out', operation(), guarded({ key: [] })],
  ['another key besides', operation(), guarded({ key: [] }, { other: [] })],
  ['two keys at once', operation(), guarded({ key: [], other: [] }), 'security-requirement-changed'],
];

const schemas = {
  Plain: fields({ a: string }),
  PlainToo: fields({ a: string }),
  Strict: fields({ a: string }, ['a']),
  Tree: fields({ name: string, leaves: list(to('Tree')) }),
  SameTree: fields({ name: string, leaves: list(to('SameTree')) }),
  NarrowTree: fields({ name: { ...string, maxLength: 9 }, leaves: list(to('NarrowTree')) }),
};
const contractAt = (at: 1 | 2) =>
  contractOf(Object.fromEntries(pairs.map((pair) => [`/${pair[0]}`, pair[at]])), schemas);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('compareContracts', () => {
  const { findings } = compareContracts(contractAt(1), contractAt(2));
  const rulesAt = (path: string) =>
    findings
      .filter(({ operation = '' }) => operation.replace('POST ', '') === path)
      .map(({ level, rule }) => (level === 'breaking' ? rule : `${level} ${rule}`));

  it.each(pairs)('knows what %s does to clients', (what, _before, _after, expected = []) => {
    expect(rulesAt(`/${what}`)).toEqual([expected].flat());
  });

  it('takes no finding for granted that belongs to no pair', () => {
    const known = new Set(pairs.map(([what]) => `/${what}`));
    expect(findings.filter(({ operation = '' }) => !known.has(operation.replace('POST ', '')))).toEqual([]);
  });

  it('finds a renamed variable of a path, which names an argument of generated functions', () => {
    const named = operation({ operationId: 'x' });
    const found = compareContracts(contractOf({ '/x/{id}': named }), contractOf({ '/x/{job_id}': named }));
    expect(found.findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['path-variable-renamed', 'Path `/x/{id}` became `/x/{job_id}`.'],
    ]);
  });

  it('holds a schema that is asked for and answered to both directions', () => {
    const at = (value: Part) =>
      contractOf({ '/x': { ...answers(to('A')), ...asksOnly(to('A')) } }, { A: fields({ a: value }) });
    const asksOnly = (schema: Part) => ({ requestBody: asks(schema)['requestBody'] });
    const rules = (before: Part, after: Part) =>
      compareContracts(at(before), at(after)).findings.map(({ rule }) => rule);
    expect(rules(string, { type: ['string', 'null'] })).toEqual(['schema-type-changed']);
    expect(rules({ type: ['string', 'null'] }, string)).toEqual(['schema-type-changed']);
  });

  it('refuses a document that refers to what it does not hold', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const broken = contractOf({ '/x': asks(to('Nowhere')) });
    expect(() => compareContracts(contractOf({ '/x': asks(string) }), broken)).toThrow(/redocly diff failed/);
    expect(said).toHaveBeenCalledWith(expect.stringContaining("Can't resolve $ref"));
  });
});
