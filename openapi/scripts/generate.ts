/**
 * anura.yaml and the files it points to → lint → generated/openapi.json → generated/contract.ts.
 *
 * The generated files are committed; `pnpm contract:check` runs this again and compares. A document that does not lint,
 * bundle or translate ends the process with an error and leaves the generated files as they were.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import openapiTypescript, { astToString, COMMENT_HEADER, type OpenAPI3 } from 'openapi-typescript';

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
    const { openapi, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as OpenAPI3;
    return { openapi, 'x-generated': 'From anura.yaml by `pnpm contract`. Do not edit.', ...rest };
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

/**
 * Runs Redocly's command line without its usage reports and update notices, for there may be no network. It talks only
 * when it fails.
 */
function redocly(...args: string[]): void {
  const packageFile = createRequire(import.meta.url).resolve('@redocly/cli/package.json');
  const result = spawnSync(process.execPath, [join(dirname(packageFile), 'bin', 'cli.js'), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  if (result.status === 0) return;
  console.error(result.stdout + result.stderr);
  throw new Error(`redocly ${args[0]} failed (exit ${result.status})`, { cause: result.error });
}
