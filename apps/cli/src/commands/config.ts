import { describeConfig, describeConfigAsJson } from '@anura/server/config';
import { type Context, printJson, printLine, printWarning } from '../context.ts';
import { effectiveConfig } from '../effective-config.ts';

export interface ConfigOptions {
  readonly json?: boolean;
  readonly [flag: string]: unknown;
}

export async function printConfig(options: ConfigOptions, context: Context): Promise<void> {
  const config = effectiveConfig(options, context);
  if (options.json) printJson(context.stdout, describeConfigAsJson(config));
  else context.stdout.write(describeConfig(config));
  for (const warning of config.warnings) printWarning(context, warning, options);
}

export async function checkConfig(options: ConfigOptions, context: Context): Promise<void> {
  const { file, warnings } = effectiveConfig(options, context);
  if (options.json) return printJson(context.stdout, { ok: true, file: file ?? null, warnings });
  printLine(context.stdout, file ? `${file} is fine.` : 'There is no configuration file here; the rest is fine.');
  for (const warning of warnings) printWarning(context, warning, options);
}
