import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answers, asks, contractOf, type Part } from './__fixtures__/operations.ts';
import { compareContracts } from './compare.ts';

const names = ['alder', 'birch', 'cedar', 'dogwood'];
const limits = fc.record(
  {
    minimum: fc.integer({ max: 0 }),
    maximum: fc.integer({ min: 1 }),
    enum: fc.uniqueArray(fc.integer(), { minLength: 1 }),
  },
  { requiredKeys: [] },
);

const { schema } = fc.letrec<{ schema: Part; object: Part }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom({ type: 'string' }, { type: ['string', 'null'] }, { type: 'boolean' }, { const: 'pond' }, {}),
    limits.map((given) => ({ type: 'integer', ...given })),
    tie('object'),
    tie('schema').map((items) => ({ type: 'array', items })),
    fc.tuple(tie('schema'), tie('schema')).map((oneOf) => ({ oneOf })),
  ),
  object: fc
    .record({
      properties: fc.dictionary(fc.constantFrom(...names), tie('schema')),
      required: fc.subarray(names),
    })
    .map((given) => ({ type: 'object', ...given })),
}));

/** Many schemas to one contract, since starting Redocly costs more than comparing. */
const many = fc.array(fc.tuple(schema, schema), { minLength: 25, maxLength: 25 });
const contract = (schemas: readonly (readonly [Part, Part])[], change: (schema: Part) => Part = (same) => same) =>
  contractOf(
    Object.fromEntries(
      schemas.flatMap(([asked, answered], at) => [
        [`/asks/${at}`, asks(change(asked))],
        [`/answers/${at}`, answers(change(answered))],
      ]),
    ),
  );

it('finds nothing between a contract and the same one with its keys in another order', () => {
  fc.assert(
    fc.property(many, (schemas) => {
      expect(compareContracts(contract(schemas), contract(schemas, backwards)).changes).toEqual([]);
    }),
    { numRuns: 3 },
  );
});

it('never calls an optional field that is new a break', () => {
  fc.assert(
    fc.property(many, (schemas) => {
      const { findings } = compareContracts(contract(schemas), contract(schemas, withOptionalField));
      expect(findings).toEqual([]);
    }),
    { numRuns: 3 },
  );
});

function backwards(part: Part): Part {
  return mapParts(part, (entries) => Object.fromEntries(Object.entries(entries).reverse()));
}

/** Every object schema within, whatever it is within, with one field more. */
function withOptionalField(part: Part): Part {
  return mapParts(part, (entries) =>
    entries['type'] === 'object'
      ? { ...entries, properties: { ...(entries['properties'] as Part), willow: { type: 'string' } } }
      : entries,
  );
}

function mapParts(value: Part, change: (part: Part) => Part): Part {
  const inside = (member: unknown): unknown => {
    if (Array.isArray(member)) return member.map(inside);
    return typeof member === 'object' && member !== null ? mapParts(member as Part, change) : member;
  };
  return change(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inside(member)])));
}
