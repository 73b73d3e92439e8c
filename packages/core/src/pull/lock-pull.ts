import { stat } from 'node:fs/promises';
import { acquireFileLock } from './file-lock.ts';
import type { PullRun } from './pull-context.ts';

/**
 * Takes everything a pull works on until the returned function is called: the name first, then `others`, then the blobs in the
 * order of their digests. With one order for all, no two pulls wait for each other.
 *
 * @param others paths of further lock files
 */
export async function lockPull(
  run: PullRun,
  blobs: readonly { readonly digest: string }[],
  others: readonly string[] = [],
): Promise<() => Promise<void>> {
  const { folder, stem, signal } = run;
  const digests = [...new Set(blobs.map(({ digest }) => digest))].sort();
  const paths = [folder.nameLock(stem), ...others, ...digests.map((digest) => folder.blobLock(digest))];
  const releases: (() => Promise<void>)[] = [];
  const releaseAll = async () => {
    for (const release of releases.reverse()) await release();
  };
  try {
    for (const path of paths) {
      releases.push(await acquireFileLock(path, { signal, onWait: () => reportOthers(run, digests) }));
    }
    return releaseAll;
  } catch (error) {
    await releaseAll();
    throw error;
  }
}

/** Another pull brings the same bytes: its progress is ours. */
async function reportOthers({ folder, meter }: PullRun, digests: readonly string[]): Promise<void> {
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
