import type { JsonSchema } from '../schema/json-schema.ts';

/** One schema of each kind that is enforced. */
export const schemas: Record<string, JsonSchema> = {
  anything: {},
  'required and optional properties': {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'integer' }, c: { type: 'boolean' } },
    required: ['b'],
    additionalProperties: false,
  },
  'only optional properties': { type: 'object', properties: { a: { type: 'null' }, b: { type: 'number' } } },
  'a property that is only required': { type: 'object', required: ['x'], additionalProperties: { type: 'integer' } },
  'a dictionary': { type: 'object', additionalProperties: { type: 'integer' }, maxProperties: 2 },
  'enum and const': {
    type: 'object',
    properties: { a: { enum: ['x', 1, null] }, b: { const: { k: [1] } } },
    required: ['a', 'b'],
  },
  anyOf: {
    anyOf: [
      { type: 'string', maxLength: 3 },
      { type: 'integer', minimum: 5 },
    ],
  },
  'oneOf beside properties': {
    type: 'object',
    properties: { kind: { type: 'string' } },
    required: ['kind'],
    oneOf: [
      { properties: { kind: { const: 'a' }, x: { type: 'integer' } }, required: ['x'] },
      { properties: { kind: { const: 'b' }, y: { type: 'string' } }, required: ['y'] },
    ],
  },
  allOf: {
    allOf: [
      { type: 'object', properties: { a: { type: 'integer', minimum: 0 } }, required: ['a'] },
      { properties: { a: { maximum: 9 }, b: { type: 'string' } }, required: ['b'] },
    ],
  },
  'recursion through $defs': {
    $defs: {
      node: {
        type: 'object',
        properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
        required: ['next'],
      },
    },
    $ref: '#/$defs/node',
  },
  nullable: { type: ['string', 'null'], minLength: 1, maxLength: 2 },
  'array bounds': { type: 'array', items: { type: 'boolean' }, minItems: 2, maxItems: 3 },
  tuple: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 2 },
  pattern: { type: 'string', pattern: '^[A-Z]{2}-\\d{3,4}(/(a|b))?$' },
  'pattern without anchors': { type: 'string', pattern: 'x+' },
  probability: { type: 'number', minimum: 0, maximum: 1 },
  'narrow number': { type: 'number', exclusiveMinimum: 0.2, maximum: 0.7 },
  'negative numbers': { type: 'number', minimum: -3.5, maximum: -1 },
};
