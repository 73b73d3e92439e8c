import { createRequire } from 'node:module';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

const contract: object = createRequire(import.meta.url)('@anura/openapi/openapi.json');
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(contract, 'contract');

/** Fails the test unless the value is what the contract calls by this name. */
export function expectToBe(
  schema:
    | 'ChatCompletionChunk'
    | 'ChatCompletion'
    | 'ErrorBody'
    | 'Job'
    | 'JobProgressEvent'
    | 'JobStateEvent'
    | 'WebhookMessage',
  value: unknown,
): void {
  const check = ajv.getSchema(`contract#/components/schemas/${schema}`);
  if (!check) throw new Error(`The contract has no schema ${schema}.`);
  const isValid = check(value);
  expect(isValid, `${ajv.errorsText(check.errors)} in ${JSON.stringify(value)?.slice(0, 500)}`).toBe(true);
}
