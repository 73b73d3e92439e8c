import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FencedBlock } from '../blocks/fenced-blocks.ts';
import { documentedUrl, type ExampleServer } from './example-server.ts';
import { type CommandResult, runCommand } from './run-command.ts';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
const endings: Readonly<Record<string, string>> = { ts: 'ts', js: 'mjs', python: 'py' };

/** A folder inside this package, so that snippets find its dependencies. Never committed, gone when disposed of. */
export function snippetFolder(): Disposable & { readonly path: string } {
  mkdirSync(join(packageFolder, 'dist'), { recursive: true });
  const path = mkdtempSync(join(packageFolder, 'dist', 'snippets-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** What a snippet below `<!-- given anura -->` takes for granted, because its page has shown it before. */
const givenAnura = `import { createAnura } from '@anura/client';
const anura = createAnura({ baseUrl: '${documentedUrl}', apiKey: process.env.ANURA_API_KEY });
`;

/** Writes a snippet into a folder, for the server that runs here, and gives the file. */
export function writeSnippet(block: FencedBlock, folder: string, server: ExampleServer): string {
  const { place, language, marker } = block;
  const text = marker === 'given anura' ? givenAnura + block.text : block.text;
  const file = join(folder, `${place.replaceAll(/[^\w.-]/g, '-')}.${endings[language]}`);
  writeFileSync(file, server.served(text));
  return file;
}

/** Runs a block as a reader would who has the server and a key. */
export function runSnippet(block: FencedBlock, folder: string, server: ExampleServer): Promise<CommandResult> {
  const inEmptyFolder = { cwd: server.folder, env: server.env };
  if (block.language === 'sh')
    return runCommand('bash', ['-euo', 'pipefail', '-c', server.served(block.text)], inEmptyFolder);
  const file = writeSnippet(block, folder, server);
  if (block.language === 'python') return runCommand('python3', [file], pythonOptions(inEmptyFolder));
  return runCommand('node', [file], { cwd: folder, env: server.env });
}

/** Why nothing in a language can be run on this machine; undefined when it can. */
export function whyNotHere(language: string): string | undefined {
  const isThere = language !== 'python' || spawnSync('python3', ['--version']).status === 0;
  return isThere ? undefined : 'python3 is not on this machine';
}

/** With the real openai package where it is installed, and with the little of it that we have here where not. */
function pythonOptions({ cwd, env }: { cwd: string; env: Readonly<Record<string, string>> }) {
  const installed = spawnSync('python3', ['-c', 'import openai'], { env }).status === 0;
  return {
    cwd,
    env: installed ? env : { ...env, PYTHONPATH: join(packageFolder, 'python'), PYTHONDONTWRITEBYTECODE: '1' },
  };
}

/** What the compiler says of all TypeScript in a folder; empty when nothing. */
export async function compileSnippets(folder: string, env: Readonly<Record<string, string>>): Promise<string> {
  // What a reader's project has, not what ours has besides.
  const compilerOptions = {
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2024',
    types: ['node'],
  };
  const config = { compilerOptions, include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = dirname(fileURLToPath(import.meta.resolve('typescript/package.json')));
  const { code, output } = await runCommand('node', [join(compiler, 'bin', 'tsc'), '-p', folder], {
    cwd: packageFolder,
    env,
  });
  return code === 0 ? '' : output || `tsc ended with ${code}`;
}
