import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { DiffusionModel } from './diffusion-model.ts';
import { readModel } from './read-model.ts';

/** A folder that looks like a model and is not offered, and why. The path is for logs. */
export interface SkippedFolder {
  readonly folder: string;
  readonly reason: string;
}

export interface FoundModels {
  readonly models: readonly DiffusionModel[];
  readonly skipped: readonly SkippedFolder[];
}

/** How deep below a models folder a model may lie: `models/owner/name`. */
const deepest = 2;

/**
 * Finds models in diffusers' ONNX layout. Each of `folders` is a model itself, or holds models up to two levels down. A model
 * is named like its folder; of two with one name the first counts. A folder that does not exist holds nothing.
 */
export async function findModels(folders: readonly string[]): Promise<FoundModels> {
  const models = new Map<string, DiffusionModel>();
  const skipped: SkippedFolder[] = [];
  for (const folder of await modelFolders(folders)) {
    const name = basename(folder);
    try {
      const model = await readModel(name, folder);
      if (models.has(name)) skipped.push({ folder, reason: `Another model is named "${name}".` });
      else models.set(name, model);
    } catch (error) {
      skipped.push({ folder, reason: GatewayError.from(error).message });
    }
  }
  return { models: [...models.values()], skipped };
}

async function modelFolders(roots: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const root of roots) {
    const folder = await realpath(root).catch(() => undefined);
    if (folder) found.push(...(await modelsBelow(folder, deepest)));
  }
  return [...new Set(found)];
}

async function modelsBelow(folder: string, depth: number): Promise<string[]> {
  const index = await stat(join(folder, 'model_index.json')).catch(() => undefined);
  if (index?.isFile()) return [folder];
  if (depth === 0) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name);
  const below = await Promise.all(names.sort().map((name) => modelsBelow(join(folder, name), depth - 1)));
  return below.flat();
}
