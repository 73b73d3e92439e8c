import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { runFakeUpstream } from '@anura/fake-upstream';
// By its place: the package promises its command to the world, and its inside to nobody.
import { buildProgram } from '../../../../apps/cli/dist/program.js';

type Program = Awaited<ReturnType<typeof buildProgram>>;

/** What npm and pnpm can do besides the scripts of a package. */
const builtIn = ['install', 'exec', 'add', 'changeset', 'run', 'publish', 'audit', 'view'];

/**
 * Understands a command as its program would, without doing what it asks for. Throws for a command, an option, a script
 * or a file that is not there. Programs that are not ours are taken as they are.
 *
 * @param folder Where the files are looked for that it names.
 */
export async function parseCommand([program, ...words]: readonly string[], folder: string): Promise<void> {
  if (program === 'anura') await parseAnura(words);
  else if (program === 'fake-upstream') await parseFakeUpstream(words);
  else if (program === 'npx' && words[0] === '@anura/cli') await parseAnura(words.slice(1));
  else if (program === 'npm' || program === 'pnpm') await parseScript(words, folder);
  else if (program === 'node' || program === 'python3') parseFile(words, folder);
}

async function parseAnura(words: readonly string[]): Promise<void> {
  if (words[0] === 'fake-upstream') return parseFakeUpstream(words.slice(1));
  const { env, stdin } = process;
  const nowhere = new Writable({ write: (_text, _encoding, done) => done() });
  const signal = new AbortController().signal;
  const context = { env, cwd: '/', home: '/', stdin, stdout: nowhere, stderr: nowhere, signal };
  const program = await buildProgram(words, context, () => {});
  doNothing(program);
  await program.parseAsync([...words], { from: 'user' }).catch((error: { exitCode?: number }) => {
    if (error.exitCode !== 0) throw error; // 0: it was asked for its help
  });
}

/** Its options are read before it thinks of helping. */
async function parseFakeUpstream(words: readonly string[]): Promise<void> {
  if ((await runFakeUpstream([...words, '--help'])) !== 0)
    throw new Error(`fake-upstream ${words.join(' ')} is no command.`);
}

function doNothing(program: Program): void {
  for (const command of program.commands as readonly Program[]) {
    if (command.commands.length === 0 || command.registeredArguments.length > 0) command.action(() => {});
    doNothing(command);
  }
}

async function parseScript(words: readonly string[], folder: string): Promise<void> {
  const asked = words[0] === '--filter' ? words.slice(2) : words;
  const [name = '', ...rest] = asked[0] === 'run' ? asked.slice(1) : asked;
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: object };
  if (!(name in scripts) && !builtIn.includes(name)) throw new Error(`package.json has no script "${name}".`);
  const its = rest.filter((word) => word !== '--');
  if (name === 'anura' && its.length > 0) await parseAnura(its);
}

function parseFile([file]: readonly string[], folder: string): void {
  if (file && !file.startsWith('-') && !existsSync(resolve(folder, file))) throw new Error(`There is no ${file}.`);
}
