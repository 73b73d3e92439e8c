import { type PulledModel, type PullProgress, pull } from '@anura/core/pull';
import { type Context, printJson, printLine } from '../context.ts';
import { effectiveConfig } from '../effective-config.ts';
import { formatBytes } from '../terminal/amounts.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { progressText } from '../terminal/progress-text.ts';
import type { DiskOptions } from './models-on-disk.ts';

export interface PullOptions extends DiskOptions {
  readonly registry?: string;
  readonly hub?: string;
}

/** Progress goes to standard error; with `--json` standard output gets one object at the end. */
export async function pullModel(name: string, options: PullOptions, context: Context): Promise<void> {
  const { modelsDir } = effectiveConfig(options, context);
  const line = progressLine(context, options);
  try {
    const {
      name: pulled,
      path,
      sizeBytes,
      layout,
      changed,
    } = await pull(name, {
      modelsDir,
      signal: context.signal,
      onProgress: (progress: PullProgress) => line.show(progressText(progress, context.stderr), progress.phase),
      ...(options.registry && { registry: options.registry }),
      ...(options.hub && { hub: options.hub }),
    });
    line.clear();
    if (options.json) return printJson(context.stdout, { name: pulled, path, sizeBytes, changed });
    const what = changed ? `Pulled ${pulled}, ${formatBytes(sizeBytes)}.` : `${pulled} is here already.`;
    printLine(context.stdout, `${what} Try it: ${firstCommands[layout](pulled)}`);
  } finally {
    line.clear();
  }
}

const firstCommands: Readonly<Record<PulledModel['layout'], (name: string) => string>> = {
  gguf: (name) => `anura chat ${name}`,
  diffusers: (name) => `anura image --model ${name} "a frog on a leaf"`,
  kokoro: (name) => `anura speak --model ${name} "Hello"`,
};
