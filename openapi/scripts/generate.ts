/**
 * anura.yaml and the files it points to → lint → generated/openapi.json → generated/contract.ts.
 *
 * The generated files are committed; `pnpm contract:check` runs this again and compares. A document that does not lint,
 * bundle or translate ends the process with an error and leaves the generated files as they were.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import openapiTypescript, { astToString, COMMENT_HEADER, type OpenAPI3 } from 'openapi-typescript';
import { redocly } from './redocly.ts';

const root = join(import.meta.dirname, '..');
const generated = join(root, 'generated');

redocly('lint', 'anura');
const document = bundle();
const types = await translate(document);
mkdirSync(generated, { recursive: true });
writeFileSync(join(generated, 'openapi.json'), `${JSON.stringify(document, null, 2)}\n`);
writeFileSync(join(generated, 'contract.ts'), types);
console.log('openapi: generated/openapi.json and generated/contract.ts are written');

function bundle(): OpenAPI3 {
  const folder = mkdtempSync(join(tmpdir(), 'anura-contract-'));
  try {
    const file = join(folder, 'openapi.json');
    redocly('bundle', 'anura', '--output', file);
    const { openapi, info, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as OpenAPI3;
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const generatedFrom = 'From anura.yaml by `pnpm contract`. Do not edit.';
    return { openapi, 'x-generated': generatedFrom, info: { ...info, version }, ...rest };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function translate(source: OpenAPI3): Promise<string> {
  const nodes = await openapiTypescript(source, {
    // Every schema also under its plain name: `import type { ChatCompletionRequest } from '@anura/openapi'`.
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    rootTypesKeepCasing: true,
    silent: true,
  });
  return COMMENT_HEADER + astToString(nodes);
}
