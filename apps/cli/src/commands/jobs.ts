import type { Job, JobKind, JobState } from '@anura/client';
import { type ConnectionOptions, connect } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { type InlineOptions, showImage } from '../inline-image/show-image.ts';
import { formatBytes, formatTime } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { saveBytes } from '../terminal/save-bytes.ts';
import { table } from '../terminal/table.ts';
import { standingText, watchToEnd } from '../watch-to-end.ts';
import { tellSaved } from './image.ts';

export interface JobOptions extends ConnectionOptions {
  readonly json?: boolean;
}

export interface ListJobsOptions extends JobOptions {
  readonly kind?: JobKind;
  readonly state?: JobState;
  readonly limit: number;
  readonly cursor?: string;
}

export async function listJobs(options: ListJobsOptions, context: Context): Promise<void> {
  const { kind, state, limit, cursor } = options;
  const query = { limit, ...(kind && { kind }), ...(state && { state }), ...(cursor && { cursor }) };
  const page = await connect(options, context).jobs.list(query, { signal: context.signal });
  if (options.json) return printJson(context.stdout, page);
  if (page.jobs.length === 0) return printLine(context.stderr, 'There are no such jobs.');
  const rows = page.jobs.map((job) => [
    job.job_offer_id,
    job.kind,
    job.model,
    formatTime(job.created_at),
    stateOf(job),
  ]);
  printLine(context.stdout, table(['ID', 'KIND', 'MODEL', 'SINCE', 'STATE'], rows));
  if (page.next_cursor) printLine(context.stderr, `More: anura jobs list --cursor ${printable(page.next_cursor)}`);
}

export async function showJob(id: string, options: JobOptions, context: Context): Promise<void> {
  const job = await connect(options, context).jobs.get(id, { signal: context.signal });
  tellJob(job, options, context);
}

/** Follows the job to its end. */
export async function watchJob(id: string, options: JobOptions, context: Context): Promise<void> {
  const job = await watchToEnd(id, connect(options, context), options, context);
  tellJob(job, options, context);
}

export async function cancelJob(id: string, options: JobOptions, context: Context): Promise<void> {
  const job = await connect(options, context).jobs.cancel(id, { signal: context.signal });
  tellJob(job, options, context);
}

/** Saves what a job made. */
export async function saveJobResult(
  id: string,
  options: JobOptions & InlineOptions & { readonly output?: string },
  context: Context,
): Promise<void> {
  const anura = connect(options, context);
  const { signal } = context;
  const { model } = await anura.jobs.get(id, { signal });
  const { bytes, contentType } = await anura.jobs.result(id, { signal });
  const file = await saveBytes(bytes, { ...options, output: options.output, title: id, contentType }, context);
  if (file !== undefined) await showImage(bytes, options, context);
  tellSaved({ file, bytes, job_offer_id: id, model }, options, context);
}

function tellJob(job: Job, { json }: JobOptions, { stdout }: Context): void {
  if (json) printJson(stdout, job);
  else printLine(stdout, table([job.job_offer_id, ''], factsOf(job)));
}

/** A failed job rests in `ResultsSubmitted`, which would read like success. */
const stateOf = (job: Job): string => (job.error ? 'failed' : standingText(job));

function factsOf({ job_state, kind, model, progress, deal, error, result, history }: Job): string[][] {
  return [
    ['state', job_state],
    ['model', `${model} (${kind})`],
    ...(deal ? [['provider', deal.provider]] : []),
    ...(typeof progress === 'number' ? [['progress', `${Math.round(progress * 100)} %`]] : []),
    ...(error ? [['error', error.message]] : []),
    ...(result ? [['result', `${result.content_type}, ${formatBytes(result.size_bytes)}, ${result.url}`]] : []),
    ...history.map(({ state, at }) => [formatTime(at), state]),
  ];
}
