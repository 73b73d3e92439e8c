import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ModelsFolder, namesIn } from '../models-folder.ts';
import { writeFileAtomic } from '../write-file-atomic.ts';

/** The file in a pulled folder that says what the folder is. */
export const folderSidecarName = '.anura.json';

const maxSidecarBytes = 1_048_576;

const folderSidecarSchema = z.object({
  /** The name it was pulled by, e.g. `kokoro` or `hf:owner/repo`. */
  name: z.string().min(1),
  layout: z.enum(['diffusers', 'kokoro']),
  /** Host, owner and repository. */
  source: z.string(),
  /** The commit all files are of. */
  commit: z.string(),
  /** ISO 8601. */
  pulled_at: z.iso.datetime(),
  files: z.array(
    z.object({
      path: z.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/),
      size: z.int().min(0),
      digest: z.string().regex(/^(sha256:[0-9a-f]{64}|git:[0-9a-f]{40})$/),
    }),
  ),
});

/** What is known of a pulled folder. */
export type FolderSidecar = z.infer<typeof folderSidecarSchema>;

export interface PulledFolder {
  /** Name of the folder in the models folder. */
  readonly directory: string;
  readonly sidecar: FolderSidecar;
}

/** The sidecar of a folder, or nothing when there is none that can be understood: then the folder is none of ours. */
export async function readFolderSidecar(path: string): Promise<FolderSidecar | undefined> {
  const text = await readFile(join(path, folderSidecarName), 'utf8').catch(() => '');
  if (text === '' || text.length > maxSidecarBytes) return undefined;
  try {
    return folderSidecarSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export async function writeFolderSidecar(path: string, sidecar: FolderSidecar): Promise<void> {
  await writeFileAtomic(join(path, folderSidecarName), `${JSON.stringify(sidecar, null, 2)}\n`);
}

/** Every folder that was pulled. */
export async function pulledFolders(folder: ModelsFolder): Promise<PulledFolder[]> {
  const names = (await namesIn(folder.path)).filter((name) => !name.startsWith('.'));
  const read = await Promise.all(
    names.map(async (directory) => ({ directory, sidecar: await readFolderSidecar(folder.file(directory)) })),
  );
  return read.flatMap(({ directory, sidecar }) => (sidecar ? [{ directory, sidecar }] : []));
}

export const folderBytes = ({ files }: Pick<FolderSidecar, 'files'>): number =>
  files.reduce((sum, { size }) => sum + size, 0);
