import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GatewayError } from '../../errors/gateway-error.ts';
import { diskError } from '../disk-error.ts';
import type { ModelsFolder } from '../models-folder.ts';
import { syncFolder } from '../write-file-atomic.ts';
import { type FolderSidecar, readFolderSidecar } from './folder-sidecar.ts';

/**
 * What lies where a folder is to be put: nothing, or an earlier pull of the same name.
 *
 * @throws GatewayError `conflict` when something else lies there.
 */
export async function installedFolder(
  folder: ModelsFolder,
  directory: string,
  name: string,
): Promise<{ path: string; sidecar: FolderSidecar } | undefined> {
  const path = folder.file(directory);
  if (!(await stat(path).catch(() => undefined))) return undefined;
  const sidecar = await readFolderSidecar(path);
  if (sidecar?.name === name) return { path, sidecar };
  const owner = sidecar ? `belongs to ${sidecar.name}: remove that first` : 'was put there by hand: move it away first';
  throw new GatewayError('conflict', `${name} goes into the folder "${directory}", which ${owner}.`);
}

/** Puts a folder that is complete in its place, in one step where none lies there. What lay there before is deleted. */
export async function installFolder(folder: ModelsFolder, directory: string): Promise<void> {
  const [target, old] = [folder.file(directory), folder.replacedFolder(directory)];
  await rm(old, { recursive: true, force: true }).catch(diskError);
  await mkdir(dirname(old), { recursive: true }).catch(diskError);
  const replaces = await rename(target, old).then(
    () => true,
    () => false,
  );
  try {
    await rename(folder.stagedFolder(directory), target).catch(diskError);
  } catch (error) {
    if (replaces) await rename(old, target);
    throw error;
  }
  await syncFolder(folder.path);
  await rm(old, { recursive: true, force: true }).catch(diskError);
}
