import type { JsonSchema } from './json-schema.ts';
import { unsupported } from './unsupported.ts';

/** Says what is wrong with a document, or undefined when it satisfies the schema. */
export type SchemaCheck = (document: string) => string | undefined;

/**
 * Validates finished answers, for what a grammar leaves open (a length beside a pattern, `oneOf` of overlapping members).
 *
 * Patterns are left to the grammar: running a caller's regular expression here could take for ever. Formats are remarks.
 */
export async function schemaCheck(schema: JsonSchema, param: string): Promise<SchemaCheck> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const regExp = Object.assign(() => ({ test: () => true }), { code: '() => ({ test: () => true })' });
  const ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    validateSchema: false,
    addUsedSchema: false,
    code: { regExp },
  });
  try {
    const validate = ajv.compile(schema);
    return (document) => (validate(JSON.parse(document)) ? undefined : ajv.errorsText(validate.errors));
  } catch (error) {
    throw unsupported(param, error instanceof Error ? error.message : String(error));
  }
}
