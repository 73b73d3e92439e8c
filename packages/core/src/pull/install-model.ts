import { rename, rm, stat } from 'node:fs/promises';
import { diskError } from './disk-error.ts';
import type { ModelsFolder } from './models-folder.ts';
import type { ObtainedFile } from './obtain-files.ts';
import { type ModelSidecar, readSidecar, writeSidecar } from './sidecar.ts';
import { syncFolder } from './write-file-atomic.ts';

/**
 * Puts checked files in their places; the last one is the weights. A new model's sidecar is there before its weights, so that it is
 * never offered under its file name; a replaced model's comes after them, so that no sidecar vouches for bytes nobody checked.
 *
 * @returns the sidecar as it stands, which is the old one when nothing has changed
 */
export async function installModel(
  folder: ModelsFolder,
  stem: string,
  files: readonly ObtainedFile[],
  sidecar: ModelSidecar,
): Promise<ModelSidecar> {
  const path = folder.sidecar(stem);
  const previous = await readSidecar(path);
  const moved = files.filter(({ from }) => from !== undefined);
  if (moved.length === 0 && previous && isSame(previous, sidecar)) return previous;
  const isReplacement = await stat(folder.weights(stem)).then(
    () => true,
    () => false,
  );
  if (!isReplacement) await writeSidecar(path, sidecar);
  for (const file of moved) await moveIntoPlace(folder, file);
  if (isReplacement) await writeSidecar(path, sidecar);
  await removeLeftOver(folder, stem, previous, sidecar);
  await syncFolder(folder.path);
  return sidecar;
}

async function moveIntoPlace(folder: ModelsFolder, { from, file, layer }: ObtainedFile): Promise<void> {
  if (from === undefined) return;
  await rename(from, folder.file(file)).catch(diskError);
  // Renaming one hard link over another of the same file leaves both.
  await rm(from, { force: true });
  await rm(folder.note(layer.digest), { force: true });
}

async function removeLeftOver(
  folder: ModelsFolder,
  stem: string,
  previous: ModelSidecar | undefined,
  now: ModelSidecar,
): Promise<void> {
  const kept = new Set(now.companions.map(({ file }) => file));
  for (const { file } of previous?.companions ?? []) {
    if (!kept.has(file) && file.startsWith(`${stem}.`)) await rm(folder.file(file), { force: true });
  }
}

function isSame(one: ModelSidecar, other: ModelSidecar): boolean {
  return JSON.stringify({ ...one, pulled_at: '' }) === JSON.stringify({ ...other, pulled_at: '' });
}
