import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { diskError } from './disk-error.ts';
import { type ModelSidecar, readSidecar, sidecarSuffix } from './sidecar.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

export const weightsSuffix = '.gguf';

const noteSchema = z.object({ name: z.string(), digest: z.string(), size: z.int().min(0) });

/** What a partial download is a part of. */
export type PartialNote = z.infer<typeof noteSchema>;

/**
 * The layout on disk. Models lie as `<stem>.gguf` with `<stem>.gguf.anura.json` beside them, companions as `<stem>.<role>`. What is on
 * its way gathers in `.partial/` by digest, so that two names of one file share it.
 */
export class ModelsFolder {
  readonly path: string;
  readonly partialPath: string;

  constructor(path: string) {
    this.path = path;
    this.partialPath = join(path, '.partial');
  }

  async create(): Promise<void> {
    await mkdir(this.partialPath, { recursive: true }).catch(diskError);
  }

  weights(stem: string): string {
    return join(this.path, stem + weightsSuffix);
  }

  sidecar(stem: string): string {
    return this.weights(stem) + sidecarSuffix;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Held by whoever pulls or removes the model. */
  nameLock(stem: string): string {
    return join(this.partialPath, `${stem}.lock`);
  }

  /** Held by whoever downloads the blob. */
  blobLock(digest: string): string {
    return join(this.partialPath, `${blobName(digest)}.lock`);
  }

  partial(digest: string): string {
    return join(this.partialPath, `${blobName(digest)}.part`);
  }

  note(digest: string): string {
    return join(this.partialPath, `${blobName(digest)}.json`);
  }

  /** A free name for a file on its way to its place. */
  temporary(stem: string): string {
    return join(this.partialPath, `${stem}.new`);
  }

  /** Held by whoever puts a folder of that name in place. */
  directoryLock(directory: string): string {
    return join(this.partialPath, `${directory}.folder.lock`);
  }

  /** Where a folder gathers before it is put in place: deeper than engines look for models. */
  stagedFolder(directory: string): string {
    return join(this.partialPath, 'folders', 'new', directory);
  }

  /** Where a folder that was replaced waits for its deletion. */
  replacedFolder(directory: string): string {
    return join(this.partialPath, 'folders', 'old', directory);
  }

  async writeNote(note: PartialNote): Promise<void> {
    await writeFileAtomic(this.note(note.digest), JSON.stringify(note));
  }

  /** Every sidecar that can be read, with the stem of its file. */
  async sidecars(): Promise<{ stem: string; sidecar: ModelSidecar }[]> {
    const suffix = weightsSuffix + sidecarSuffix;
    const stems = (await namesIn(this.path))
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length));
    const read = await Promise.all(
      stems.map(async (stem) => ({ stem, sidecar: await readSidecar(this.sidecar(stem)) })),
    );
    return read.flatMap(({ stem, sidecar }) => (sidecar ? [{ stem, sidecar }] : []));
  }

  /** Every partial download with the bytes that are there. */
  async partials(): Promise<{ note: PartialNote; completedBytes: number; modifiedAt: Date }[]> {
    const notes = (await namesIn(this.partialPath)).filter((name) => /^sha256-[0-9a-f]{64}\.json$/.test(name));
    const read = await Promise.all(notes.map((name) => this.#readPartial(join(this.partialPath, name))));
    return read.flatMap((partial) => (partial ? [partial] : []));
  }

  async #readPartial(
    path: string,
  ): Promise<{ note: PartialNote; completedBytes: number; modifiedAt: Date } | undefined> {
    const stats = await stat(path.replace(/\.json$/, '.part')).catch(() => undefined);
    const text = await readFile(path, 'utf8').catch(() => '');
    if (!stats || text === '') return undefined;
    try {
      return { note: noteSchema.parse(JSON.parse(text)), completedBytes: stats.size, modifiedAt: stats.mtime };
    } catch {
      return undefined;
    }
  }
}

/** Names in a folder; none when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

function blobName(digest: string): string {
  return digest.replace(':', '-');
}
