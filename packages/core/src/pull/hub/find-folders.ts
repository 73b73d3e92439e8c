import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskModel } from '../list-disk.ts';
import { type ModelsFolder, namesIn } from '../models-folder.ts';
import { folderSidecarName, readFolderSidecar } from './folder-sidecar.ts';

/** A folder with one of these is a model: pulled, diffusers' layout, Kokoro's. */
const signs = [folderSidecarName, 'model_index.json', 'voices'];

/** The folders that are models, pulled or put there by hand. */
export async function findFolders(folder: ModelsFolder): Promise<DiskModel[]> {
  const names = (await namesIn(folder.path)).filter((name) => !name.startsWith('.'));
  const found = await Promise.all(names.map((name) => findFolder(name, folder.file(name))));
  return found.flatMap((model) => model ?? []);
}

async function findFolder(name: string, path: string): Promise<DiskModel | undefined> {
  const there = await namesIn(path);
  const stats = await stat(path).catch(() => undefined);
  if (!stats || !signs.some((sign) => there.includes(sign))) return undefined;
  const sidecar = await readFolderSidecar(path);
  const modifiedAt = sidecar ? new Date(sidecar.pulled_at) : stats.mtime;
  return { name, path, sizeBytes: await bytesBelow(path), modifiedAt, sharedWith: [] };
}

async function bytesBelow(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name)).catch(() => undefined))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
