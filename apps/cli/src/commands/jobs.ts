import type { Job } from '@anura/client';
import { type ConnectionOptions, connect } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { formatBytes, formatTime } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { table } from '../terminal/table.ts';

export interface JobOptions extends ConnectionOptions {
  readonly json?: boolean;
}

export async function showJob(id: string, options: JobOptions, context: Context): Promise<void> {
  const job = await connect(options, context).getJob(id, { signal: context.signal });
  if (options.json) return printJson(context.stdout, job);
  printLine(context.stdout, table([job.job_offer_id, ''], factsOf(job)));
}

function factsOf({ job_state, kind, model, progress, deal, error, result, history }: Job): string[][] {
  return [
    ['state', job_state],
    ['model', `${model} (${kind})`],
    ...(deal ? [['provider', deal.provider]] : []),
    ...(typeof progress === 'number' ? [['progress', `${Math.round(progress * 100)} %`]] : []),
    ...(error ? [['error', printable(error.message)]] : []),
    ...(result ? [['result', `${result.content_type}, ${formatBytes(result.size_bytes)}, ${result.url}`]] : []),
    ...history.map(({ state, at }) => [formatTime(at), state]),
  ];
}
