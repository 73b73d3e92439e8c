import { removeModel } from '@anura/core/pull';
import { type Context, printJson, printLine } from '../context.ts';
import { effectiveConfig } from '../effective-config.ts';
import { formatBytes } from '../terminal/amounts.ts';
import type { DiskOptions } from './models-on-disk.ts';

export async function remove(name: string, options: DiskOptions, context: Context): Promise<void> {
  const { modelsDir } = effectiveConfig(options, context);
  const removed = await removeModel(name, { modelsDir });
  if (options.json) return printJson(context.stdout, removed);
  printLine(context.stdout, `Removed ${removed.name}; ${formatBytes(removed.freedBytes)} are free again.`);
}
