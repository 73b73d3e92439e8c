import { rm, stat, writeFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';

/**
 * Writes a file that is there whole or not at all, whatever happens meanwhile; one of that name is replaced. Pipes and devices,
 * like /dev/null, are written to as they are.
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile()) return await writeFile(path, bytes);
  await writeFileAtomic(path, Buffer.from(bytes));
}

/** Writes a file that was not there before. Throws with the code EEXIST when it was. */
export async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes, { flag: 'wx' }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') await rm(path, { force: true });
    throw error;
  });
}
