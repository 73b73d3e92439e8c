import type { Contract } from '../contract.ts';

/** A JSON schema, or any other part of a document. */
export type Part = Readonly<Record<string, unknown>>;

const text = { schema: { type: 'string' } };
const json = (schema: Part) => ({ content: { 'application/json': { schema } } });

/** An operation that takes and gives text, and what a test wants otherwise. */
export function operation(differences: Part = {}): Part {
  return {
    requestBody: { content: { 'text/plain': text } },
    responses: { 200: { description: 'Done.', content: { 'text/plain': text } } },
    ...differences,
  };
}

export const asks = (schema: Part) => operation({ requestBody: json(schema) });
export const answers = (schema: Part) => operation({ responses: { 200: { description: 'Done.', ...json(schema) } } });
export const takes = (...parameters: readonly Part[]) => operation({ parameters });

/** A contract whose operations are `POST` on the given paths. */
export function contractOf(operations: Readonly<Record<string, Part | undefined>>, schemas: Part = {}): Contract {
  const present = Object.entries(operations).filter(([, given]) => given !== undefined);
  return {
    openapi: '3.1.0',
    info: { title: 'A contract to compare', version: '1.0.0' },
    security: [{ key: [] }],
    paths: Object.fromEntries(present.map(([path, given]) => [path, { post: { operationId: path, ...given } }])),
    components: {
      schemas,
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer' },
        other: { type: 'apiKey', in: 'header', name: 'X-Other' },
      },
    },
  };
}
