import { stat } from 'node:fs/promises';
import { acquireFileLock } from './file-lock.ts';
import type { Layer } from './manifest.ts';
import type { PullContext } from './pull-context.ts';

/**
 * Takes everything a pull works on until the returned function is called: the name first, then the blobs in the order of
 * their digests. With one order for all, no two pulls wait for each other.
 */
export async function lockPull(context: PullContext, layers: readonly Layer[]): Promise<() => Promise<void>> {
  const { folder, stem, signal } = context;
  const digests = [...new Set(layers.map(({ digest }) => digest))].sort();
  const releases: (() => Promise<void>)[] = [];
  const releaseAll = async () => {
    for (const release of releases.reverse()) await release();
  };
  try {
    for (const path of [folder.nameLock(stem), ...digests.map((digest) => folder.blobLock(digest))]) {
      releases.push(await acquireFileLock(path, { signal, onWait: () => reportOthers(context, digests) }));
    }
    return releaseAll;
  } catch (error) {
    await releaseAll();
    throw error;
  }
}

/** Another pull brings the same bytes: its progress is ours. */
async function reportOthers({ folder, meter }: PullContext, digests: readonly string[]): Promise<void> {
  const sizes = await Promise.all(
    digests.map((digest) =>
      stat(folder.partial(digest)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  meter.phase('waiting');
  meter.completed(sizes.reduce((sum, size) => sum + size, 0));
}
