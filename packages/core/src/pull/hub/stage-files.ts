import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkDiskSpace, diskError } from '../disk-error.ts';
import { downloadBlob } from '../download-blob.ts';
import { isIntact } from '../intact-file.ts';
import { linkFile } from '../link-file.ts';
import type { PullRun } from '../pull-context.ts';
import { retrying } from '../retrying.ts';
import { writeFileAtomic } from '../write-file-atomic.ts';
import type { FolderSidecar } from './folder-sidecar.ts';
import { gitDigest } from './git-digest.ts';
import type { HubClient } from './hub-client.ts';
import type { RepositoryFile } from './repository-files.ts';

/** A file and, where the installed folder has it intact, its path there. */
export interface WantedFile {
  readonly file: RepositoryFile;
  readonly have?: string;
}

export interface Staging {
  readonly client: HubClient;
  readonly commit: string;
  /** The folder that is filled; emptied first. */
  readonly path: string;
  readonly wanted: readonly WantedFile[];
}

/** Which of the files the installed folder has already. */
export async function findWanted(
  files: readonly RepositoryFile[],
  installed: { readonly path: string; readonly sidecar: FolderSidecar } | undefined,
  signal: AbortSignal,
): Promise<WantedFile[]> {
  const wanted: WantedFile[] = [];
  for (const file of files) {
    const known = installed?.sidecar.files.find(({ path, digest }) => path === file.path && digest === file.digest);
    const have = installed && known ? join(installed.path, file.path) : undefined;
    const knownAt = installed?.sidecar.pulled_at ?? '';
    wanted.push(have && (await holds(have, file, knownAt, signal)) ? { file, have } : { file });
  }
  return wanted;
}

async function holds(path: string, file: RepositoryFile, knownAt: string, signal: AbortSignal): Promise<boolean> {
  if (isLarge(file)) return isIntact(path, { ...file, knownAt }, signal);
  const content = await readFile(path).catch(() => undefined);
  return content !== undefined && gitDigest(content) === file.digest;
}

/**
 * Fills a folder with checked files: those that are here are linked, the others downloaded. Large ones gather among the partial
 * downloads and are linked from there, so that nothing is lost when this is stopped at any point. Hold the locks of all blobs.
 */
export async function stageFiles(run: PullRun, staging: Staging): Promise<void> {
  await rm(staging.path, { recursive: true, force: true }).catch(diskError);
  checkDiskSpace(run.title, await missingBytes(run, staging.wanted), await run.freeBytes(run.folder.path));
  let doneBytes = 0;
  for (const { file, have } of staging.wanted) {
    const to = join(staging.path, file.path);
    await mkdir(dirname(to), { recursive: true }).catch(diskError);
    if (have !== undefined) await linkFile(have, to);
    else if (isLarge(file)) await linkFile(await download(run, staging, file, doneBytes), to);
    else await writeFileAtomic(to, await read(run, staging, file));
    doneBytes += file.size;
    run.meter.completed(doneBytes);
  }
}

function read({ signal, retry, meter }: PullRun, { client, commit }: Staging, file: RepositoryFile): Promise<Buffer> {
  meter.phase('downloading');
  return retrying(() => client.read(commit, file, signal), retry);
}

/** Returns where the bytes lie. */
async function download(
  { folder, title, meter, retry }: PullRun,
  { client, commit }: Staging,
  file: RepositoryFile,
  doneBytes: number,
): Promise<string> {
  const path = folder.partial(file.digest);
  const tell = (phase: 'checking' | 'downloading') => (bytes: number) => {
    meter.phase(phase);
    meter.completed(doneBytes + bytes);
  };
  await folder.writeNote({ name: title, digest: file.digest, size: file.size });
  await downloadBlob({
    name: title,
    layer: file,
    path,
    openBlob: (offset, signal) => client.open(commit, file, offset, signal),
    retry,
    onChecking: tell('checking'),
    onBytes: tell('downloading'),
  });
  return path;
}

async function missingBytes({ folder }: PullRun, wanted: readonly WantedFile[]): Promise<number> {
  const missing = wanted.filter(({ have }) => have === undefined).map(({ file }) => file);
  const sizes = await Promise.all(
    missing.map(async (file) => {
      const partial = isLarge(file) ? await stat(folder.partial(file.digest)).catch(() => undefined) : undefined;
      return Math.max(0, file.size - (partial?.size ?? 0));
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Whether a file is checked by its SHA-256 and gathers among the partial downloads. */
export const isLarge = ({ digest }: RepositoryFile): boolean => digest.startsWith('sha256:');
