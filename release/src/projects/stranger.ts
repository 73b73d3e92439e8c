import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { repository } from '../repository.ts';

/** Somebody else's machine: folders outside the repository, and an environment that knows nothing of it. */
export interface Stranger {
  readonly folder: string;
  /** For npm: the user's own home, hence their registry and cache. */
  readonly installing: NodeJS.ProcessEnv;
  /** For programs: an empty home. */
  readonly running: NodeJS.ProcessEnv;
  /** What `PATH` is here: this process's Node first, nothing of the repository. */
  readonly path: readonly string[];
}

export async function becomeStranger(): Promise<Stranger> {
  const folder = await mkdtemp(join(tmpdir(), 'anura-release-'));
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  await Promise.all([mkdir(home), mkdir(temporary)]);
  const path = [nodeAlone(folder), ...pathOutside()];
  const PATH = path.join(delimiter);
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|pnpm_|anura_|path$|node_path$)/i.test(name),
  );
  return {
    folder,
    installing: { ...Object.fromEntries(inherited), PATH },
    running: {
      PATH,
      HOME: home,
      TMPDIR: temporary,
      NO_COLOR: '1',
      NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'],
    },
    path,
  };
}

/** Patient, because Node writes its compile cache while it ends; and at once, because a process that ends waits for nothing. */
export const forget = ({ folder }: Stranger): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });

/** A folder with nothing but the Node that runs this. */
function nodeAlone(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  return bin;
}

/** `PATH` without the repository's tools. */
function pathOutside(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.filter(
    (folder) => folder !== '' && !folder.startsWith(repository) && !folder.includes('node_modules'),
  );
}
