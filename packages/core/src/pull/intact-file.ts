import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** What a file should be. */
export interface ExpectedFile {
  readonly digest: string;
  readonly size: number;
  /** When it was last known to be right, ISO 8601. */
  readonly knownAt: string;
}

/**
 * Whether a file is still what was pulled. One that was not written since is believed by its size; only a touched one is read
 * again, since hashing a large model takes half a minute.
 */
export async function isIntact(path: string, expected: ExpectedFile, signal: AbortSignal): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile() || stats.size !== expected.size) return false;
  if (stats.mtimeMs <= Date.parse(expected.knownAt)) return true;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return `sha256:${hash.digest('hex')}` === expected.digest;
}
