import { expect, test } from 'vitest';
import { validationContract } from './validation-contract.ts';

test('descriptions and examples go, fields of those names stay', () => {
  const schema = {
    type: 'object',
    description: 'A tool.',
    examples: [{ name: 'x' }],
    required: ['description'],
    properties: {
      description: { type: 'string', description: 'What it does.', examples: ['to fly'] },
      examples: { type: 'array', items: { type: 'string', example: 'x' } },
    },
  };
  expect(validationContract({ components: { schemas: { Tool: schema } } })).toEqual({
    components: {
      schemas: {
        Tool: {
          type: 'object',
          required: ['description'],
          properties: { description: { type: 'string' }, examples: { type: 'array', items: { type: 'string' } } },
        },
      },
    },
  });
});

test('the document given is not changed', () => {
  const document = { info: { title: 'Anura', description: 'words' } };
  validationContract(document);
  expect(document.info.description).toBe('words');
});
