import { opendir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GatewayError } from '../../errors/gateway-error.ts';
import { type DocumentKind, kindOfFile } from './read-document.ts';

export interface FoundFile {
  /** Absolute, or as the folder was given. */
  readonly path: string;
  /** Inside the folder, with `/` whatever the system. */
  readonly name: string;
  readonly kind: DocumentKind;
  readonly sizeBytes: number;
  readonly changedMs: number;
}

const deepest = 32;

/**
 * The documents in a folder and the folders inside it, in no order; or one file, where that is given. Hidden ones and
 * `node_modules` are left out; links are not followed, so a folder cannot hold itself or lend files from elsewhere.
 *
 * @throws GatewayError `invalid-request` where there is neither.
 */
export async function* walkFolder(folder: string): AsyncGenerator<FoundFile> {
  const found = await stat(folder).catch(() => undefined);
  const file = found?.isFile() ? await describe(folder, basename(folder)) : undefined;
  if (file) yield file;
  else if (found?.isDirectory()) yield* walk(folder, '', deepest);
  else throw new GatewayError('invalid-request', `There are no documents at ${folder}.`, { param: 'folder' });
}

async function* walk(folder: string, prefix: string, depth: number): AsyncGenerator<FoundFile> {
  const entries = await opendir(folder).catch(() => undefined);
  if (!entries) return;
  for await (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    const name = `${prefix}${entry.name}`;
    if (entry.isDirectory() && depth > 0) yield* walk(path, `${name}/`, depth - 1);
    const file = entry.isFile() ? await describe(path, name) : undefined;
    if (file) yield file;
  }
}

/** Undefined where it is not for reading, or gone meanwhile. */
async function describe(path: string, name: string): Promise<FoundFile | undefined> {
  const kind = kindOfFile(name);
  const about = kind && (await stat(path).catch(() => undefined));
  return about && { path, name, kind, sizeBytes: about.size, changedMs: about.mtimeMs };
}
