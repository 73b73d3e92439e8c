import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type AddReport, type LocalSearch, openLocalSearch } from '@anura/core/search';
import { searchIndexPath } from '@anura/server/config';
import { type Context, printJson, printLine } from '../context.ts';
import { effectiveConfig } from '../effective-config.ts';
import { Failure } from '../failure.ts';
import { countOf } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { table } from '../terminal/table.ts';
import type { DiskOptions } from './models-on-disk.ts';

export interface AddDocumentsOptions extends DiskOptions {
  readonly collection?: string;
  readonly baseUrl?: string;
}

type Adding = AddDocumentsOptions & { readonly onProgress: (done: number) => void };

/** Adds the documents of a folder, or the pages of a list of addresses, to the index of this machine's server. */
export async function addDocuments(source: string, options: AddDocumentsOptions, context: Context): Promise<void> {
  const path = resolve(context.cwd, source);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => {
      throw new Failure(`${source} is not there. Give a folder with documents, or a file with one address a line.`);
    },
  );
  const line = progressLine(context, options);
  const onProgress = (done: number) => line.show(`Adding documents … ${done}`, 'adding');
  const report = await withIndex(options, context, (index) =>
    isFolder
      ? addFolder(index, path, { ...options, onProgress }, context)
      : addPages(index, path, { ...options, onProgress }, context),
  ).finally(() => line.clear());
  if (options.json) return printJson(context.stdout, report);
  tellReport(report, context);
}

export async function listDocuments(options: DiskOptions, context: Context): Promise<void> {
  const collections = await withIndex(options, context, async (index) => index.collections());
  if (options.json) return printJson(context.stdout, collections);
  if (collections.length === 0) return printLine(context.stderr, 'Nothing was added yet: anura search add DIR');
  const rows = collections.map(({ collection, documents }) => [collection, String(documents)]);
  printLine(context.stdout, table(['COLLECTION', 'DOCUMENTS'], rows));
}

export async function removeDocuments(collection: string, options: DiskOptions, context: Context): Promise<void> {
  const folder = resolve(context.cwd, collection); // what a folder's documents belong to unless told otherwise
  const removed = await withIndex(options, context, async (index) => index.remove(collection) || index.remove(folder));
  if (removed === 0) throw new Failure(`There is no collection ${collection}. \`anura search list\` shows them.`);
  if (options.json) return printJson(context.stdout, { collection, removed });
  printLine(context.stdout, `Removed ${countOf(removed, 'document')}.`);
}

function addFolder(
  index: LocalSearch,
  path: string,
  { collection, baseUrl, onProgress }: Adding,
  { signal }: Context,
): Promise<AddReport> {
  return index.addFolder(path, { signal, onProgress, ...(collection && { collection }), ...(baseUrl && { baseUrl }) });
}

async function addPages(
  index: LocalSearch,
  path: string,
  { collection = basename(path), onProgress }: Adding,
  { signal }: Context,
): Promise<AddReport> {
  return index.addPages(await readFile(path, 'utf8'), { signal, onProgress, collection });
}

async function withIndex<T>(
  options: DiskOptions,
  context: Context,
  use: (index: LocalSearch) => Promise<T>,
): Promise<T> {
  const { dataDir } = effectiveConfig(options, context);
  const index = openLocalSearch({ path: searchIndexPath(dataDir) });
  try {
    return await use(index);
  } finally {
    await index.close();
  }
}

function tellReport({ added, unchanged, removed, skipped }: AddReport, { stdout, stderr }: Context): void {
  for (const { name, reason } of skipped) printLine(stderr, printable(`left out ${name}: ${reason}`));
  printLine(stdout, `${countOf(added, 'document')} added, ${unchanged} unchanged, ${removed} removed.`);
}
