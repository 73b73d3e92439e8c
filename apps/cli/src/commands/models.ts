import type { Model } from '@anura/client';
import { type ConnectionOptions, connect } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { table } from '../terminal/table.ts';

export interface ModelsOptions extends ConnectionOptions {
  readonly json?: boolean;
}

export async function models(options: ModelsOptions, context: Context): Promise<void> {
  const found = await connect(options, context).models.list({ signal: context.signal });
  if (options.json) return printJson(context.stdout, found);
  if (found.length === 0) return printLine(context.stderr, 'The server offers no model. `anura doctor` says why.');
  const headings = ['NAME', 'MAKES', 'CAN', 'CONTEXT', 'PROVIDERS', 'STATE'];
  printLine(context.stdout, table(headings, found.map(row)));
}

function row({ id, modality, capabilities, context_length, providers, state }: Model): string[] {
  return [id, modality, capabilities.join(', ') || '-', String(context_length ?? '-'), String(providers), state];
}
