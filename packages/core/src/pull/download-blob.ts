import { GatewayError } from '../errors/gateway-error.ts';
import { stopped } from './network-error.ts';
import { PartialFile } from './partial-file.ts';
import type { BlobStream } from './read-response.ts';
import { type RetryOptions, retrying } from './retrying.ts';

export interface BlobDownload {
  /** What it is for, in messages. */
  readonly name: string;
  readonly layer: { readonly digest: string; readonly size: number };
  /** Where the bytes gather. They stay there when the download fails, and are taken up again. */
  readonly path: string;
  /** First four bytes the file must begin with, e.g. `GGUF`: other files are refused early. */
  readonly magic?: string;
  readonly openBlob: (offset: number, signal: AbortSignal) => Promise<BlobStream>;
  readonly retry: RetryOptions;
  readonly onChecking: (completedBytes: number) => void;
  readonly onBytes: (completedBytes: number) => void;
}

/**
 * Downloads a blob to `path`, going on where an earlier attempt or an earlier pull stopped. Returns when the whole is on the disk
 * and its SHA-256 is right. Bytes that came over several connections and do not add up are fetched once more from the start.
 *
 * @throws GatewayError `engine-failed` when the bytes are not what the digest says; they are deleted then.
 */
export async function downloadBlob(download: BlobDownload): Promise<void> {
  const { layer, path } = download;
  const { signal } = download.retry;
  let checkedBytes = 0;
  const onExisting = (bytes: number) => {
    checkedBytes += bytes;
    download.onChecking(checkedBytes);
  };
  const partial = await PartialFile.open(path, layer.size, onExisting, signal).catch((error: unknown) => {
    throw signal.aborted ? stopped(signal) : error;
  });
  try {
    if (download.magic && !download.magic.startsWith(partial.magic)) await partial.restart();
    const connections = await fetchRest(download, partial);
    const wasPieced = checkedBytes > 0 || connections > 1;
    if (partial.digest() !== layer.digest && wasPieced) {
      await partial.restart();
      await fetchRest(download, partial);
    }
    await finish(download, partial);
  } finally {
    await partial.close();
  }
}

async function finish(download: BlobDownload, partial: PartialFile): Promise<void> {
  if (partial.digest() === download.layer.digest) return partial.sync();
  await partial.restart();
  throw new GatewayError(
    'engine-failed',
    `${download.name} arrived corrupted: its SHA-256 is not the manifest’s. It was deleted; pull again.`,
  );
}

/** Returns how many connections brought bytes. */
async function fetchRest(download: BlobDownload, partial: PartialFile): Promise<number> {
  let connections = 0;
  let furthest = partial.offset;
  const attempt = async () => {
    if (partial.offset === download.layer.size) return;
    connections += 1;
    await fetchOnce(download, partial);
  };
  // Measured against the furthest ever: a registry without ranges that is cut over and over gets nowhere.
  const gotFurther = () => {
    const further = partial.offset > furthest;
    furthest = Math.max(furthest, partial.offset);
    return further;
  };
  await retrying(attempt, { ...download.retry, gotFurther });
  return connections;
}

async function fetchOnce(download: BlobDownload, partial: PartialFile): Promise<void> {
  const { layer, magic, retry } = download;
  const stream = await download.openBlob(partial.offset, retry.signal);
  if (stream.offset !== partial.offset) await partial.restart();
  for await (const chunk of stream.chunks) {
    if (partial.offset + chunk.length > layer.size)
      throw await refuse(download, partial, 'is longer than its manifest says');
    await partial.append(chunk);
    if (magic && !magic.startsWith(partial.magic)) throw await refuse(download, partial, `is not a ${magic} file`);
    download.onBytes(partial.offset);
  }
  if (partial.offset < layer.size)
    throw new GatewayError('engine-failed', 'The connection to the registry was cut.', { retry: 'here' });
}

async function refuse(download: BlobDownload, partial: PartialFile, reason: string): Promise<GatewayError> {
  await partial.restart();
  return new GatewayError('engine-failed', `The registry’s file for ${download.name} ${reason}. It was deleted.`);
}
