import { constants } from 'node:fs';
import { copyFile, link, rm } from 'node:fs/promises';
import { diskError } from './disk-error.ts';

/** A hard link, so that two names of one file take its room once; a copy where the file system has no links. Returns `to`. */
export async function linkFile(from: string, to: string): Promise<string> {
  await rm(to, { force: true });
  await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_FICLONE).catch(diskError));
  return to;
}
