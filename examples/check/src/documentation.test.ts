import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '@anura/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedUrl, type ExampleServer, startExampleServer } from './example-server.ts';
import { type FencedBlock, fencedBlocks } from './fenced-blocks.ts';
import { withGeneratedBlocks } from './generated-blocks.ts';
import { headingAnchors, internalLinks } from './internal-links.ts';
import { readPages, repository } from './repository.ts';
import { runCommand } from './run-command.ts';

const pages = readPages();
const blocks = pages.flatMap(fencedBlocks);
const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const marked = (language: string, marker?: FencedBlock['marker']) =>
  blocks.filter((block) => block.language === language && (!marker || block.marker === marker));

describe('documentation', () => {
  let server: ExampleServer;
  /** Inside this package, so that the snippets find its dependencies. Never committed. */
  let snippets: string;
  beforeAll(async () => {
    server = await startExampleServer();
    mkdirSync(join(packageFolder, 'dist'), { recursive: true });
    snippets = mkdtempSync(join(packageFolder, 'dist', 'snippets-'));
    for (const block of marked('ts')) writeFileSync(snippetFile(block), served(block));
  }, 60_000);
  afterAll(async () => {
    rmSync(snippets, { recursive: true, force: true });
    await server[Symbol.asyncDispose]();
  });

  const served = ({ text }: FencedBlock) => text.replaceAll(documentedUrl, server.url);
  const snippetFile = ({ place }: FencedBlock) => join(snippets, `${place.replaceAll(/[^\w.-]/g, '-')}.ts`);

  it.each(marked('sh', 'run'))('$place does what it says', { timeout: 60_000 }, async (block) => {
    const { code, output } = await runCommand('bash', ['-euo', 'pipefail', '-c', served(block)], {
      cwd: server.folder,
      env: server.env,
    });
    expect(output).toContain(block.says ?? '');
    expect(code, output).toBe(0);
  });

  it.each(marked('ts', 'run'))('$place runs', { timeout: 60_000 }, async (block) => {
    const { code, output } = await runCommand('node', [snippetFile(block)], { cwd: snippets, env: server.env });
    expect(output).toContain(block.says ?? '');
    expect(code, output).toBe(0);
  });

  it('has TypeScript that compiles', { timeout: 60_000 }, async () => {
    const config = { extends: join(repository, 'tsconfig.base.json'), include: ['*.ts'] };
    const compilerOptions = { noEmit: true, noUnusedLocals: false, types: ['node'] };
    writeFileSync(join(snippets, 'tsconfig.json'), JSON.stringify({ ...config, compilerOptions }));
    const compiler = fileURLToPath(import.meta.resolve('typescript/package.json'));
    const { code, output } = await runCommand('node', [join(dirname(compiler), 'bin', 'tsc'), '-p', snippets], {
      cwd: packageFolder,
      env: server.env,
    });
    expect(code, output).toBe(0);
  });

  it('has something to run in every language it speaks', () => {
    for (const language of ['sh', 'ts']) expect(marked(language, 'run').length, language).toBeGreaterThan(2);
    expect(marked('yaml').every(({ marker }) => marker === 'config')).toBe(true);
  });

  it('has JSON that parses', () => {
    for (const { place, text } of marked('json')) expect(() => JSON.parse(text), place).not.toThrow();
  });

  it.each(marked('yaml', 'config'))('$place is a configuration', ({ text, place }) => {
    const file = join(server.folder, 'documented.yaml');
    writeFileSync(file, text);
    const env = Object.fromEntries([...text.matchAll(/key_env: (\w+)/g)].map(([, name]) => [name, 'a-key']));
    const load = () => loadConfig({ flags: { config: file }, env, cwd: server.folder, home: server.folder });
    expect(load, place).not.toThrow();
  });

  it.each(pages)('$name is current where it is generated', { timeout: 60_000 }, async ({ text }) => {
    const current = await withGeneratedBlocks(text, server);
    expect(text, 'Run node examples/check/src/write-docs.ts').toBe(current);
  });

  it.each(pages)('$name links to what exists', ({ name, text }) => {
    for (const { path, anchor } of internalLinks(text)) {
      const target = path === '' ? join(repository, name) : join(repository, dirname(name), path);
      expect(existsSync(target), `${name} → ${path}`).toBe(true);
      if (anchor && target.endsWith('.md'))
        expect(headingAnchors(target), `${name} → ${path}#${anchor}`).toContain(anchor);
    }
  });
});
