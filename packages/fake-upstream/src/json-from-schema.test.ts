import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { jsonFromSchema } from './json-from-schema.ts';

const schemas: Record<string, object> = {
  'an object with every plain type': {
    type: 'object',
    properties: {
      city: { type: 'string', minLength: 3, maxLength: 12 },
      days: { type: 'integer', minimum: 1, maximum: 7 },
      share: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
      quarter: { type: 'number', multipleOf: 0.25 },
      warm: { type: 'boolean' },
      nothing: { type: 'null' },
      maybe: { type: ['string', 'null'] },
    },
    required: ['city', 'days', 'share', 'quarter', 'warm', 'nothing', 'maybe'],
    additionalProperties: false,
  },
  'enum and const': {
    type: 'object',
    properties: { unit: { enum: ['c', 'f'] }, kind: { const: 'report' } },
    required: ['unit', 'kind'],
  },
  'lists with lengths': {
    type: 'array',
    items: { type: 'integer', minimum: 5 },
    minItems: 4,
    maxItems: 4,
    uniqueItems: true,
  },
  'a tuple': { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 2 },
  'anyOf, allOf and oneOf': {
    allOf: [
      { type: 'object', properties: { a: { oneOf: [{ type: 'integer' }, { type: 'string' }] } }, required: ['a'] },
      { type: 'object', properties: { b: { anyOf: [{ type: 'boolean' }, { type: 'null' }] } }, required: ['b'] },
    ],
  },
  'a tree that refers to itself': {
    $ref: '#/$defs/node',
    $defs: {
      node: {
        type: 'object',
        properties: {
          value: { type: 'integer' },
          next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
          leaves: { type: 'array', items: { $ref: '#/$defs/node' } },
        },
        required: ['value', 'next'],
      },
    },
  },
  'negative ranges': { type: 'integer', minimum: -20, maximum: -10 },
  'a maximum alone': { type: 'integer', maximum: -3 },
  'no type at all': { properties: { x: {} }, required: ['x'] },
};

describe('jsonFromSchema', () => {
  const ajv = new Ajv2020({ strict: false });

  it.each(Object.entries(schemas))('gives valid values for %s', (_, schema) => {
    const validate = ajv.compile(schema);
    for (let seed = 0; seed < 30; seed++) {
      const value = jsonFromSchema(schema, seed, 'What about Lisbon in 3 days?');
      expect(validate(value), `${JSON.stringify(value)}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    }
  });

  it('takes names and numbers from the prompt', () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1, maximum: 7 } },
    };
    expect(jsonFromSchema(schema, 1, 'What is the weather in Paris for 5 days?')).toEqual({ city: 'Paris', days: 5 });
  });

  it('gives the same value for the same seed', () => {
    const schema = schemas['an object with every plain type'];
    expect(jsonFromSchema(schema, 7, '')).toEqual(jsonFromSchema(schema, 7, ''));
  });
});
