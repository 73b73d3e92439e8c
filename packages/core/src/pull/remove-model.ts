import { rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GatewayError } from '../errors/gateway-error.ts';
import { diskError } from './disk-error.ts';
import { tryFileLock } from './file-lock.ts';
import { folderSidecarName, type PulledFolder, pulledFolders } from './hub/folder-sidecar.ts';
import { formatModelName, type ModelName, modelFileStem, parseModelName } from './model-name.ts';
import { ModelsFolder } from './models-folder.ts';
import { readSidecar } from './sidecar.ts';

export interface RemovedModel {
  readonly name: string;
  /** Bytes the disk has back; less than the model's size when another name shares its file. */
  readonly freedBytes: number;
}

/**
 * Removes a pulled model, and what an unfinished pull of it left. Files that `pull` did not bring are never touched. A process that
 * has the model loaded keeps it until it lets go. A folder goes by the name it was pulled by or by its own.
 *
 * @throws GatewayError `not-found` when there is nothing to remove, `conflict` while it is being pulled
 */
export async function removeModel(text: string, options: { readonly modelsDir: string }): Promise<RemovedModel> {
  const folder = new ModelsFolder(options.modelsDir);
  await folder.create();
  const parsed = await resolveName(folder, parseModelName(text), text);
  const name = formatModelName(parsed);
  const stem = modelFileStem(parsed);
  const release = await tryFileLock(folder.nameLock(stem));
  if (!release) throw beingPulled(name);
  try {
    const paths = await installedPaths(folder, stem);
    const pulled = (await pulledFolders(folder)).filter(({ sidecar }) => sidecar.name === name);
    const digests = await partialDigests(folder, name);
    if (paths.length + pulled.length + digests.length === 0) throw await nothingToRemove(folder, stem, name, text);
    let freedBytes = 0;
    for (const path of paths) freedBytes += await removeFile(path);
    for (const one of pulled) freedBytes += await removeFolder(folder, one);
    for (const digest of digests) freedBytes += await removePartial(folder, digest);
    await rm(folder.sidecar(stem), { force: true }).catch(diskError);
    return { name, freedBytes };
  } finally {
    await release();
  }
}

/** The name a folder was pulled by, when it is the folder's own that was given and no model file has that name. */
async function resolveName(folder: ModelsFolder, parsed: ModelName, text: string): Promise<ModelName> {
  if (parsed.kind === 'folder' || (await readSidecar(folder.sidecar(modelFileStem(parsed))))) return parsed;
  const pulled = (await pulledFolders(folder)).find(({ directory }) => directory === text);
  return pulled ? parseModelName(pulled.sidecar.name) : parsed;
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

/** Files at the top first: without them a folder is no longer offered. What is empty then goes too. */
async function removeFolder(folder: ModelsFolder, { directory, sidecar }: PulledFolder): Promise<number> {
  const root = folder.file(directory);
  const depth = (path: string) => path.split('/').length;
  const paths = sidecar.files.map(({ path }) => path).sort((one, other) => depth(one) - depth(other));
  let freedBytes = 0;
  for (const path of [...paths, folderSidecarName]) freedBytes += await removeFile(join(root, path));
  const parents = [...new Set(paths.map((path) => dirname(path)))].sort((one, other) => depth(other) - depth(one));
  for (const parent of [...parents, '.']) await rmdir(join(root, parent)).catch(() => undefined);
  return freedBytes;
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

async function nothingToRemove(folder: ModelsFolder, stem: string, name: string, text: string): Promise<GatewayError> {
  const isForeign = (await isThere(folder.weights(stem))) || (await isThere(folder.file(text)));
  const reason = isForeign ? 'was put there by hand: delete it yourself' : 'is not on this disk';
  return new GatewayError('not-found', `${name} ${reason}.`);
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
