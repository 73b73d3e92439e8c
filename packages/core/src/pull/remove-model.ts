import { rm, stat } from 'node:fs/promises';
import { GatewayError } from '../errors/gateway-error.ts';
import { diskError } from './disk-error.ts';
import { tryFileLock } from './file-lock.ts';
import { formatModelName, modelFileStem, parseModelName } from './model-name.ts';
import { ModelsFolder } from './models-folder.ts';
import { readSidecar } from './sidecar.ts';

export interface RemovedModel {
  readonly name: string;
  /** Bytes the disk has back; less than the model's size when another name shares its file. */
  readonly freedBytes: number;
}

/**
 * Removes a pulled model, and what an unfinished pull of it left. Files that `pull` did not bring are never touched. A process that
 * has the model loaded keeps it until it lets go.
 *
 * @throws GatewayError `not-found` when there is nothing to remove, `conflict` while it is being pulled
 */
export async function removeModel(text: string, options: { readonly modelsDir: string }): Promise<RemovedModel> {
  const parsed = parseModelName(text);
  const name = formatModelName(parsed);
  const stem = modelFileStem(parsed);
  const folder = new ModelsFolder(options.modelsDir);
  await folder.create();
  const release = await tryFileLock(folder.nameLock(stem));
  if (!release) throw beingPulled(name);
  try {
    const paths = await installedPaths(folder, stem);
    const digests = await partialDigests(folder, name);
    if (paths.length + digests.length === 0) throw await nothingToRemove(folder, stem, name);
    let freedBytes = 0;
    for (const path of paths) freedBytes += await removeFile(path);
    for (const digest of digests) freedBytes += await removePartial(folder, digest);
    await rm(folder.sidecar(stem), { force: true }).catch(diskError);
    return { name, freedBytes };
  } finally {
    await release();
  }
}

/** The weights first: without them a model is no longer offered. */
async function installedPaths(folder: ModelsFolder, stem: string): Promise<string[]> {
  const sidecar = await readSidecar(folder.sidecar(stem));
  if (!sidecar) return [];
  const companions = sidecar.companions.filter(({ file }) => file.startsWith(`${stem}.`));
  return [folder.weights(stem), ...companions.map(({ file }) => folder.file(file))];
}

async function partialDigests(folder: ModelsFolder, name: string): Promise<string[]> {
  const partials = await folder.partials();
  return partials.filter(({ note }) => note.name === name).map(({ note }) => note.digest);
}

/** Left alone when a pull under another name is working on it. */
async function removePartial(folder: ModelsFolder, digest: string): Promise<number> {
  const release = await tryFileLock(folder.blobLock(digest));
  if (!release) return 0;
  try {
    await rm(folder.note(digest), { force: true });
    return await removeFile(folder.partial(digest));
  } finally {
    await release();
  }
}

async function removeFile(path: string): Promise<number> {
  const stats = await stat(path).catch(() => undefined);
  await rm(path, { force: true }).catch(diskError);
  return stats && stats.nlink === 1 ? stats.size : 0;
}

function beingPulled(name: string): GatewayError {
  return new GatewayError('conflict', `${name} is being pulled now. Stop that pull first, or wait for it.`, {
    retry: 'here',
  });
}

async function nothingToRemove(folder: ModelsFolder, stem: string, name: string): Promise<GatewayError> {
  const isForeign = await stat(folder.weights(stem)).then(
    () => true,
    () => false,
  );
  const reason = isForeign ? 'was put there by hand: delete its file yourself' : 'is not on this disk';
  return new GatewayError('not-found', `${name} ${reason}.`);
}
