import { stat } from 'node:fs/promises';
import { findFolders } from './hub/find-folders.ts';
import { ModelsFolder, namesIn, weightsSuffix } from './models-folder.ts';
import { readSidecar } from './sidecar.ts';

/** A model on this disk: a file, or a folder of files. */
export interface DiskModel {
  /** The name callers use; the file's name without extension, or the folder's, when it was put there by hand. */
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** Of a file; absent when it was put there by hand. */
  readonly digest?: string;
  /** When it was pulled or, put there by hand, last written. */
  readonly modifiedAt: Date;
  /** Other names that share its room on the disk. */
  readonly sharedWith: readonly string[];
}

/** A pull that was not finished. `anura pull` of its name goes on, `anura rm` gives the room back. */
export interface DiskPartial {
  readonly name: string;
  readonly digest: string;
  readonly completedBytes: number;
  readonly totalBytes: number;
  readonly modifiedAt: Date;
}

export interface DiskListing {
  /** By name. */
  readonly models: readonly DiskModel[];
  readonly partials: readonly DiskPartial[];
  /** All of it together, shared files counted once. Bytes. */
  readonly totalBytes: number;
}

type Found = Omit<DiskModel, 'sharedWith'> & { readonly inode: bigint; readonly companionBytes: number };

/** What lies in the models folder. A folder that is not there is empty. */
export async function listDisk(options: { readonly modelsDir: string }): Promise<DiskListing> {
  const folder = new ModelsFolder(options.modelsDir);
  const stems = (await namesIn(folder.path))
    .filter((name) => name.endsWith(weightsSuffix))
    .map((name) => name.slice(0, -weightsSuffix.length));
  const found = (await Promise.all(stems.map((stem) => findModel(folder, stem)))).flatMap((model) => model ?? []);
  const folders = await findFolders(folder);
  const partials = (await folder.partials()).map(({ note, completedBytes, modifiedAt }) => ({
    name: note.name,
    digest: note.digest,
    totalBytes: note.size,
    completedBytes,
    modifiedAt,
  }));
  const files = new Map(found.map(({ inode, sizeBytes }) => [inode, sizeBytes]));
  const sizes = [
    ...files.values(),
    ...found.map(({ companionBytes }) => companionBytes),
    ...folders.map(({ sizeBytes }) => sizeBytes),
    ...partials.map(({ completedBytes }) => completedBytes),
  ];
  return {
    models: [...found.map((model) => withSharing(model, found)), ...folders].sort(byName),
    partials,
    totalBytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

const byName = (one: DiskModel, other: DiskModel): number => (one.name < other.name ? -1 : 1);

async function findModel(folder: ModelsFolder, stem: string): Promise<Found | undefined> {
  const path = folder.weights(stem);
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  const sidecar = await readSidecar(folder.sidecar(stem));
  return {
    name: sidecar?.name ?? stem,
    path,
    sizeBytes: Number(stats.size),
    ...(sidecar ? { digest: sidecar.digest } : {}),
    modifiedAt: sidecar ? new Date(sidecar.pulled_at) : stats.mtime,
    inode: stats.ino,
    companionBytes: (sidecar?.companions ?? []).reduce((sum, { size }) => sum + size, 0),
  };
}

function withSharing({ inode, companionBytes: _, ...model }: Found, all: readonly Found[]): DiskModel {
  const sharedWith = all.filter((other) => other.inode === inode && other.path !== model.path).map(({ name }) => name);
  return { ...model, sharedWith };
}
