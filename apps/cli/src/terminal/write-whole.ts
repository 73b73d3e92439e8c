import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/**
 * Writes a file that is there whole or not at all, whatever happens meanwhile; one of that name is replaced and its rights
 * stay. Pipes and devices, like /dev/null, are written to as they are.
 * @param mode the rights of the file, also of one that was there
 */
export async function writeWhole(path: string, data: Uint8Array | string, mode?: number): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile()) return await writeFile(path, data);
  const target = found ? await realpath(path) : path; // a link stays a link
  const draft = `${target}.${randomUUID()}.part`;
  try {
    await writeToDisk(draft, data, mode ?? found?.mode);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Writes a file that was not there before. Throws with the code EEXIST when it was. */
export async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes, { flag: 'wx' }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') await rm(path, { force: true });
    throw error;
  });
}

/**
 * `writeFile` of a handle writes until all is there. One call of `write`, as write-file-atomic makes it, takes what still fits on
 * a full disk for success.
 */
async function writeToDisk(path: string, data: Uint8Array | string, mode = 0o666): Promise<void> {
  await using file = await open(path, 'wx', mode);
  await file.writeFile(data);
  await file.sync();
}
