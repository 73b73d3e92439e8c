import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { compareContracts } from './compare.ts';
import { type Contract, readContract } from './contract.ts';
import { describeFinding } from './findings.ts';

/** As much of the contract as is changed below. */
interface Mutable extends Contract {
  paths: Record<string, Record<string, { operationId: string; parameters?: unknown[]; security?: unknown[] }>>;
  components: { schemas: Record<string, MutableSchema> };
}

interface MutableSchema {
  required: string[];
  properties: Record<string, Record<string, unknown>>;
  oneOf?: unknown[];
  enum?: string[];
}

const read = () => readContract(join(import.meta.dirname, '../generated/openapi.json')) as Mutable;
const contract = read();

describe('our contract', () => {
  let changed: Mutable;
  beforeEach(() => {
    changed = read();
  });
  const found = () => compareContracts(contract, changed).findings;

  function operation(method: string, path: string) {
    const operation = changed.paths[path]?.[method];
    if (!operation) throw new Error(`The contract has no ${method} ${path} any more; choose another for this test.`);
    return operation;
  }

  function schema(name: string) {
    const schema = changed.components.schemas[name];
    if (!schema) throw new Error(`The contract has no ${name} any more; choose another for this test.`);
    return schema;
  }

  it('breaks nobody as long as it is the same', () => {
    expect(compareContracts(contract, changed)).toEqual({ changes: [], findings: [] });
  });

  it('breaks nobody by growing', () => {
    changed.paths['/ponds'] = { get: { ...operation('get', '/models'), operationId: 'listPonds' } };
    operation('get', '/models').parameters = [{ name: 'pond', in: 'query', schema: { type: 'string' } }];
    schema('ChatCompletionRequest').properties['pond'] = { type: 'string' };
    schema('ChatCompletion').properties['pond'] = { type: 'string' };
    schema('ChatCompletion').required.push('pond');
    const { changes, findings } = compareContracts(contract, changed);
    expect(findings).toEqual([]);
    expect(changes.length).toBeGreaterThan(3);
  });

  it('is found out, by operation, place and reason, when it takes, demands or narrows', () => {
    delete changed.paths['/videos']?.['post'];
    delete changed.paths['/websearch'];
    operation('post', '/embeddings').operationId = 'embed';
    operation('get', '/models').parameters = [
      { name: 'pond', in: 'query', required: true, schema: { type: 'string' } },
    ];
    delete operation('get', '/health').security;
    schema('ChatCompletionRequest').required.push('seed');
    schema('ChatCompletionRequest').properties['temperature'] = { type: 'number' };
    delete schema('ChatCompletionRequest').properties['top_p'];
    schema('ExplainRequest').oneOf?.pop();
    schema('ChatCompletion').properties['id'] = { type: ['string', 'null'] };
    expect(found().map(({ operation, place, rule }) => [operation, place, rule])).toEqual([
      ['POST /chat/completions', 'request body', 'required-properties-added'],
      ['POST /chat/completions', 'request body.temperature', 'schema-type-changed'],
      ['POST /chat/completions', 'request body.top_p', 'request-property-removed'],
      ['POST /chat/completions', 'answer 200.id', 'schema-type-changed'],
      ['POST /embeddings', '', 'operation-id-changed'],
      ['POST /explain', 'request body(oneOf 2)', 'schema-combinator-changed'],
      ['GET /health', '', 'security-requirement-changed'],
      ['GET /models', 'parameters', 'parameter-became-required'],
      ['POST /videos', '', 'operation-removed'],
      ['/websearch', '', 'path-removed'],
    ]);
  });

  it('tells a finding in one line', () => {
    schema('ChatCompletionRequest').properties['temperature'] = { type: 'number' };
    expect(found().map(describeFinding)).toEqual([
      'POST /chat/completions request body.temperature (schema ChatCompletionRequest): ' +
        "Type of `temperature` narrowed from 'number | null' to 'number'. Clients that send what was allowed are refused.",
    ]);
  });

  it('only surprises with a new reason to finish', () => {
    schema('FinishReason').enum?.push('bored');
    expect(found().map(({ level, place, schema }) => [level, place, schema])).toEqual([
      ['surprising', 'answer 200.choices[].finish_reason', 'FinishReason'],
    ]);
  });
});
