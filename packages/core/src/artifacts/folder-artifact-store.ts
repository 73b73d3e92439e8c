import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GatewayError } from '../errors/gateway-error.ts';
import { artifactError } from './artifact-error.ts';
import {
  type Artifact,
  type ArtifactStore,
  artifactIdPattern,
  type ByteRange,
  type OpenArtifact,
} from './artifact-store.ts';

/*
 *   FOLDER/writing/<random>/         content, about.json: not an artifact yet
 *              │  both synced, then one rename
 *              ▼
 *   FOLDER/<00 to ff>/<id>/          content, about.json: an artifact
 */

export interface FolderArtifactStoreOptions {
  /** Made when missing, for the owner alone. */
  readonly folder: string;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** How long an interrupted write may lie around before `prune` takes it away: longer than any write takes. */
const abandonedAfterMs = 3_600_000;

/** Artifacts as folders on a local disk. */
export class FolderArtifactStore implements ArtifactStore {
  readonly #folder: string;
  readonly #now: () => number;

  constructor({ folder, now = Date.now }: FolderArtifactStoreOptions) {
    this.#folder = folder;
    this.#now = now;
  }

  async put(id: string, bytes: Uint8Array, contentType: string): Promise<Artifact> {
    const place = this.#place(id);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const artifact = { id, contentType, sizeBytes: bytes.byteLength, digest, createdAtMs: this.#now() };
    const writing = join(this.#folder, 'writing', randomUUID());
    try {
      await mkdir(writing, { recursive: true, mode: 0o700 });
      await writeSynced(join(writing, 'content'), bytes);
      await writeSynced(join(writing, 'about.json'), JSON.stringify(artifact));
      await syncFolder(writing);
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      await rename(writing, place);
      await syncFolder(dirname(place));
      return artifact;
    } catch (error) {
      await rm(writing, { recursive: true, force: true });
      const taken = isTaken(error) ? await this.find(id) : undefined;
      if (taken) return taken;
      throw artifactError(error);
    }
  }

  async find(id: string): Promise<Artifact | undefined> {
    try {
      return JSON.parse(await readFile(join(this.#place(id), 'about.json'), 'utf8')) as Artifact;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw artifactError(error);
    }
  }

  async open(id: string, range?: ByteRange): Promise<OpenArtifact | undefined> {
    const artifact = await this.find(id);
    if (!artifact) return undefined;
    if (range) checkRange(range, artifact.sizeBytes);
    const file = await open(join(this.#place(id), 'content'), 'r').catch((error: unknown) => {
      // It was removed this moment.
      if (isMissing(error)) return undefined;
      throw artifactError(error);
    });
    return file && { artifact, stream: file.createReadStream(range ?? {}) };
  }

  async remove(id: string): Promise<void> {
    await rm(this.#place(id), { recursive: true, force: true });
  }

  async prune(createdBeforeMs: number, limit: number): Promise<number> {
    await this.#removeAbandoned();
    let removed = 0;
    for (const shelf of await list(this.#folder)) {
      if (shelf === 'writing') continue;
      for (const id of await list(join(this.#folder, shelf))) {
        if (removed >= limit) return removed;
        const artifact = await this.find(id);
        if (!artifact || artifact.createdAtMs >= createdBeforeMs) continue;
        await this.remove(id);
        removed++;
      }
    }
    return removed;
  }

  async #removeAbandoned(): Promise<void> {
    const writing = join(this.#folder, 'writing');
    for (const name of await list(writing)) {
      const { mtimeMs } = await stat(join(writing, name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (mtimeMs < Date.now() - abandonedAfterMs) await rm(join(writing, name), { recursive: true, force: true });
    }
  }

  #place(id: string): string {
    if (!artifactIdPattern.test(id)) throw new GatewayError('internal', 'This is not the id of a stored result.');
    return join(this.#folder, shelfOf(id), id);
  }
}

/** Spreads the artifacts over 256 folders, since their ids begin and end alike. */
const shelfOf = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 2);

function checkRange({ start, end }: ByteRange, sizeBytes: number): void {
  if (start < 0 || end < start || end >= sizeBytes) throw new RangeError(`bytes ${start}-${end} of ${sizeBytes}`);
}

async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Returns when names in the folder are on the disk. Where folders cannot be synced (Windows), the file system decides. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw artifactError(error);
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
const isTaken = (error: unknown): boolean => codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST';
