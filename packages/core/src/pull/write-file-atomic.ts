import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskError } from './disk-error.ts';

/** Writes a file so that readers, and a machine that loses power, see the old content or the new, never a part. */
export async function writeFileAtomic(path: string, content: string | Buffer): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx').catch(diskError);
    try {
      await file.writeFile(content).catch(diskError);
      await file.sync().catch(diskError);
    } finally {
      await file.close();
    }
    await rename(temporary, path).catch(diskError);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Returns when renames in the folder are on the disk. Where folders cannot be synced (Windows), the file system decides. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
