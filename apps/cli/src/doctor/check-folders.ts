import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listDisk } from '@anura/core/pull';
import { openSqliteStores } from '@anura/core/stores/sqlite';
import type { EffectiveConfig } from '@anura/server/config';
import { failureLines } from '../failure.ts';
import { countOf, formatBytes } from '../terminal/amounts.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

type Folders = Pick<EffectiveConfig, 'dataDir' | 'modelsDir' | 'llama'>;

/** The data folder, or the nearest one above it that is there. */
export async function checkDataFolder({ dataDir }: Folders): Promise<Finding> {
  const advice = 'Give this user the right to write there, or choose another folder with --data-dir.';
  let folder = dataDir;
  while (!(await exists(folder)) && folder !== dirname(folder)) folder = dirname(folder);
  if (!(await stat(folder)).isDirectory()) return fail('data folder', `${folder} is a file`, advice);
  const isWritable = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable) return fail('data folder', `${folder} may not be written to`, advice);
  return ok('data folder', folder === dataDir ? dataDir : `${dataDir} will be made at the first start`);
}

/** Opening also brings it up to date, as a start would. */
export async function checkDatabase({ dataDir }: Folders): Promise<Finding> {
  const path = join(dataDir, 'anura.db');
  if (!(await exists(path))) return ok('database', 'will be made at the first start');
  try {
    await openSqliteStores({ dataDir }).close();
    return ok('database', `${path} opens`);
  } catch (error) {
    return fail('database', failureLines(error).join(' '), 'Restore it from a backup, or move it away to start anew.');
  }
}

export async function checkModelsFolder({ modelsDir, llama }: Folders): Promise<Finding[]> {
  const { models, totalBytes } = await listDisk({ modelsDir });
  const broken = (
    await Promise.all(models.map(async (model) => ((await isGguf(model.path)) ? [] : [model.path])))
  ).flat();
  const bad = broken.map((path) =>
    fail('models folder', `${path} is no GGUF file`, 'Delete it, and pull the model again.'),
  );
  if (models.length > 0)
    return [
      ...bad,
      ok('models folder', `${countOf(models.length, 'model')}, ${formatBytes(totalBytes)} in ${modelsDir}`),
    ];
  const bundled = llama.enabled && llama.bundled;
  if (bundled)
    return [ok('models folder', `${modelsDir} is empty; tadpole comes with Anura, \`anura pull\` gets more`)];
  return [
    warn(
      'models folder',
      `${modelsDir} is empty`,
      'Get a model with `anura pull NAME`, or add a provider to the configuration.',
    ),
  ];
}

/** Every GGUF file begins with these four letters. */
async function isGguf(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === 'GGUF';
  } finally {
    await file.close();
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
