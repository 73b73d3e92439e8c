import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExampleServer, startExampleServer } from './example-server.ts';
import { runCommand } from './run-command.ts';

/** What each example prints besides checking itself. */
const examples = {
  'openai-sdk-chat': /rain/,
  'tools-loop': /calls get_weather\(.*Lisbon.*\)\nthe model says: .*21/,
  'embeddings-search': /^0\.\d{3} {2}A frog/,
  'typed-client': /says: .*Paris.*\nmodel_not_found: No provider offers/,
};

describe('examples', () => {
  let server: ExampleServer;
  beforeAll(async () => {
    server = await startExampleServer();
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  it.each(Object.entries(examples))(
    '%s runs and finds its result right',
    { timeout: 60_000 },
    async (name, expected) => {
      const folder = dirname(fileURLToPath(import.meta.resolve(`@anura/example-${name}/package.json`)));
      const { code, output } = await runCommand('node', ['main.ts'], { cwd: folder, env: server.env });
      expect(output).toMatch(expected);
      expect(code).toBe(0);
    },
  );

  it('are all here', () => {
    const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    const names = Object.keys(devDependencies).filter((name) => name.startsWith('@anura/example-'));
    expect(names.sort()).toEqual(
      Object.keys(examples)
        .map((name) => `@anura/example-${name}`)
        .sort(),
    );
  });
});
