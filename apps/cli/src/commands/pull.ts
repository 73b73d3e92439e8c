import { type PullProgress, pull } from '@anura/core/pull';
import { type Context, printJson, printLine } from '../context.ts';
import { effectiveConfig } from '../effective-config.ts';
import { formatBytes } from '../terminal/amounts.ts';
import { ProgressLine } from '../terminal/progress-line.ts';
import { progressText } from '../terminal/progress-text.ts';
import type { DiskOptions } from './models-on-disk.ts';

export interface PullOptions extends DiskOptions {
  readonly registry?: string;
}

/** Progress goes to standard error; with `--json` standard output gets one object at the end. */
export async function pullModel(name: string, options: PullOptions, context: Context): Promise<void> {
  const { modelsDir } = effectiveConfig(options, context);
  const line = new ProgressLine(context.stderr);
  try {
    const { path, sidecar, changed } = await pull(name, {
      modelsDir,
      signal: context.signal,
      onProgress: (progress: PullProgress) => line.show(progressText(progress, context.stderr), progress.phase),
      ...(options.registry && { registry: options.registry }),
    });
    line.clear();
    if (options.json) return printJson(context.stdout, { name: sidecar.name, path, sizeBytes: sidecar.size, changed });
    const what = changed ? `Pulled ${sidecar.name}, ${formatBytes(sidecar.size)}.` : `${sidecar.name} is here already.`;
    printLine(context.stdout, `${what} Try it: anura chat ${sidecar.name}`);
  } finally {
    line.clear();
  }
}
