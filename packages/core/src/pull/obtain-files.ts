import { stat } from 'node:fs/promises';
import { checkDiskSpace } from './disk-error.ts';
import { downloadBlob } from './download-blob.ts';
import { isIntact } from './intact-file.ts';
import { linkFile } from './link-file.ts';
import type { PlannedFile } from './model-plan.ts';
import type { ModelsFolder } from './models-folder.ts';
import type { PullContext } from './pull-context.ts';

/** A file that is complete and checked, and where it lies now; without `from` it is in its place already. */
export interface ObtainedFile extends PlannedFile {
  readonly from?: string;
}

type Way =
  | { readonly kind: 'in-place' }
  | { readonly kind: 'link'; readonly from: string }
  | { readonly kind: 'download'; readonly have: number };

/**
 * Brings every file of a model onto this disk by the cheapest way: it is in place, another model has the same blob, or it is
 * downloaded. Hold the locks of all blobs meanwhile.
 */
export async function obtainFiles(context: PullContext, files: readonly PlannedFile[]): Promise<ObtainedFile[]> {
  const ways = await findWays(context, files);
  const missing = ways.reduce(
    (sum, { file, way }) => sum + (way.kind === 'download' ? file.layer.size - way.have : 0),
    0,
  );
  checkDiskSpace(context.title, missing, await context.freeBytes(context.folder.path));
  const obtained: ObtainedFile[] = [];
  let doneBytes = 0;
  for (const { file, way } of ways) {
    obtained.push(await obtain(context, file, way, doneBytes));
    doneBytes += file.layer.size;
    context.meter.completed(doneBytes);
  }
  return obtained;
}

async function findWays(
  context: PullContext,
  files: readonly PlannedFile[],
): Promise<{ file: PlannedFile; way: Way }[]> {
  const known = await knownFiles(context.folder);
  const ways: { file: PlannedFile; way: Way }[] = [];
  for (const file of files) ways.push({ file, way: await findWay(context, file, known) });
  return ways;
}

async function findWay(context: PullContext, { file, layer }: PlannedFile, known: readonly KnownFile[]): Promise<Way> {
  const target = context.folder.file(file);
  const same = known.filter(({ digest, size }) => digest === layer.digest && size === layer.size);
  same.sort((one, other) => Number(other.path === target) - Number(one.path === target));
  for (const candidate of same) {
    if (!(await isIntact(candidate.path, candidate, context.signal))) continue;
    return candidate.path === target ? { kind: 'in-place' } : { kind: 'link', from: candidate.path };
  }
  const have = await stat(context.folder.partial(layer.digest)).then(
    ({ size }) => (size > layer.size ? 0 : size),
    () => 0,
  );
  return { kind: 'download', have };
}

async function obtain(context: PullContext, file: PlannedFile, way: Way, doneBytes: number): Promise<ObtainedFile> {
  if (way.kind === 'in-place') return file;
  if (way.kind === 'link') return { ...file, from: await linkFile(way.from, context.folder.temporary(file.file)) };
  const { folder, meter, title, client } = context;
  const { layer } = file;
  await folder.writeNote({ name: title, digest: layer.digest, size: layer.size });
  await downloadBlob({
    name: title,
    layer,
    path: folder.partial(layer.digest),
    magic: 'GGUF',
    openBlob: (offset, signal) => client.blob(layer, offset, signal),
    retry: context.retry,
    onChecking: (bytes) => {
      meter.phase('checking');
      meter.completed(doneBytes + bytes);
    },
    onBytes: (bytes) => {
      meter.phase('downloading');
      meter.completed(doneBytes + bytes);
    },
  });
  return { ...file, from: folder.partial(layer.digest) };
}

interface KnownFile {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
  readonly knownAt: string;
}

async function knownFiles(folder: ModelsFolder): Promise<KnownFile[]> {
  const sidecars = await folder.sidecars();
  return sidecars.flatMap(({ stem, sidecar }) => {
    const { digest, size, pulled_at: knownAt } = sidecar;
    const companions = sidecar.companions.map((companion) => ({
      ...companion,
      path: folder.file(companion.file),
      knownAt,
    }));
    return [{ path: folder.weights(stem), digest, size, knownAt }, ...companions];
  });
}
