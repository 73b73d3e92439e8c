import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { blocksChecked, blocksCheckedAs, isOfAnExample } from './blocks/documented-blocks.ts';
import { missingLines, missingPaths } from './run/compare-output.ts';
import { type ExampleServer, startExampleServer } from './run/example-server.ts';
import { compileSnippets, runSnippet, snippetFolder, whyNotHere, writeSnippet } from './run/run-snippet.ts';
import { serveBlock } from './run/serve-block.ts';

/** The programs of examples' own pages are run in examples.test.ts. */
const runHere = blocksCheckedAs('run').filter((block) => !isOfAnExample(block));

describe('documentation', () => {
  let server: ExampleServer;
  const snippets = snippetFolder();
  const outputs = new Map<string, string>();
  beforeAll(async () => {
    server = await startExampleServer();
  }, 60_000);
  afterAll(async () => {
    snippets[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  it.for(runHere)('$place does what it says', { timeout: 60_000 }, async ({ check, ...block }, { skip }) => {
    const missing = whyNotHere(block.language);
    if (missing) skip(missing);
    const { code, output } = await runSnippet(block, snippets.path, server);
    expect(output).toContain(check.says);
    expect(code, output).toBe(0);
    outputs.set(block.place, output);
  });

  it.each(blocksCheckedAs('serves'))('$place serves', { timeout: 120_000 }, async (block) => {
    const { output, status } = await serveBlock(block, server);
    expect(status, output).toBeLessThan(500);
  });

  it.each(blocksCheckedAs('output'))('$place is what comes', ({ text, language, check }) => {
    const actual = outputs.get(check.of.place) ?? '';
    if (language === 'json') expect(missingPaths(JSON.parse(text), JSON.parse(actual)), actual).toEqual([]);
    else expect(missingLines(text, actual), actual).toEqual([]);
  });

  it('has TypeScript that compiles', { timeout: 60_000 }, async () => {
    const programs = blocksChecked()
      .map(({ block }) => block)
      .filter(({ language }) => language === 'ts');
    for (const block of programs) writeSnippet(block, snippets.path, server);
    expect(await compileSnippets(snippets.path, server.env)).toBe('');
  });

  it.each(blocksCheckedAs('log line'))('$place is a line of the log', ({ text }) => {
    const lines = server.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    const chat = lines.find(({ operation, status }) => operation === 'createChatCompletion' && status === 200);
    expect(missingPaths(JSON.parse(text), chat)).toEqual([]);
  });

  it.each(blocksCheckedAs('sidecar'))('$place is read beside a model', { timeout: 60_000 }, async ({ text }) => {
    const { name: id, capabilities } = JSON.parse(text) as { name: string; capabilities: string[] };
    const models = join(server.folder, 'data', 'models');
    mkdirSync(models, { recursive: true });
    writeFileSync(join(models, 'my-model.gguf.anura.json'), text);
    copyFileSync(fileURLToPath(import.meta.resolve('@anura/tadpole/tadpole.gguf')), join(models, 'my-model.gguf'));
    const listed = async () => await (await fetch(`${server.url}/v1/models/${id}`, withKey(server))).json();
    await vi.waitFor(async () => expect(await listed()).toMatchObject({ id, capabilities }), 30_000);
  });
});

const withKey = ({ env }: ExampleServer) => ({ headers: { authorization: `Bearer ${env['ANURA_API_KEY']}` } });
