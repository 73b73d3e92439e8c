import { statfs } from 'node:fs/promises';
import { GatewayError } from '../errors/gateway-error.ts';
import { formatBytes } from './format-bytes.ts';

const fullDisk = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What is left free for everything else that writes to this disk. */
const reserveBytes = 64 * 1_048_576;

/** Rethrows what the file system said as a sentence that says what to do. */
export function diskError(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (fullDisk.has(code)) {
    throw new GatewayError(
      'no-capacity',
      'The disk of the models folder is full. What has arrived is kept: make room and pull again.',
      {
        cause: error,
      },
    );
  }
  throw new GatewayError(
    'internal',
    `The models folder cannot be written (${code || 'unknown error'}). Check its permissions.`,
    {
      cause: error,
    },
  );
}

/** Bytes that can be written in a folder, what is reserved already taken off. */
export async function freeDiskBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.max(0, bavail * bsize - reserveBytes);
}

/** @throws GatewayError `no-capacity` with both figures when `neededBytes` do not fit. */
export function checkDiskSpace(name: string, neededBytes: number, freeBytes: number): void {
  if (neededBytes <= freeBytes) return;
  throw new GatewayError(
    'no-capacity',
    `${name} needs ${formatBytes(neededBytes)} more, but the disk of the models folder has ${formatBytes(freeBytes)} to spare. Make room and pull again.`,
  );
}
