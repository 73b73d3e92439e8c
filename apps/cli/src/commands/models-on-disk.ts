import { listDisk } from '@anura/core/pull';
import { type Context, printJson, printLine } from '../context.ts';
import { effectiveConfig } from '../effective-config.ts';
import { formatBytes, formatTime } from '../terminal/amounts.ts';
import { table } from '../terminal/table.ts';

export interface DiskOptions {
  readonly json?: boolean;
  readonly [flag: string]: unknown;
}

/** What lies in the models folder. It needs no server. */
export async function modelsOnDisk(options: DiskOptions, context: Context): Promise<void> {
  const { modelsDir } = effectiveConfig(options, context);
  const { models, partials, totalBytes } = await listDisk({ modelsDir });
  if (options.json) return printJson(context.stdout, { modelsDir, models, partials, totalBytes });
  const rows = [
    ...models.map((model) => [
      model.name,
      formatBytes(model.sizeBytes),
      formatTime(model.modifiedAt.toISOString()),
      shared(model.sharedWith),
    ]),
    ...partials.map(({ name, completedBytes, totalBytes: wholeBytes, modifiedAt }) => {
      const part = wholeBytes > 0 ? Math.floor((100 * completedBytes) / wholeBytes) : 0;
      return [
        name,
        formatBytes(completedBytes),
        formatTime(modifiedAt.toISOString()),
        `${part} % of an unfinished pull`,
      ];
    }),
  ];
  if (rows.length > 0) printLine(context.stdout, table(['NAME', 'SIZE', 'SINCE', ''], rows));
  printLine(context.stderr, `${formatBytes(totalBytes)} in ${modelsDir}`);
}

/** The names `anura rm` takes. */
export async function diskModelNames(options: DiskOptions, context: Context): Promise<string[]> {
  const { modelsDir } = effectiveConfig(options, context);
  return (await listDisk({ modelsDir })).models.map(({ name }) => name);
}

function shared(names: readonly string[]): string {
  return names.length > 0 ? `shares its room with ${names.join(', ')}` : '';
}
