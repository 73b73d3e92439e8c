import { type Anura, AnuraError, createAnura, type Model } from '@anura/client';
import { type LoadReport, reportLines, reportOf } from '../bench/load-report.ts';
import { type Measurement, measureStream } from '../bench/measure-stream.ts';
import { type Load, type LoadOutcome, runLoad } from '../bench/run-load.ts';
import { chooseModel } from '../choose-model.ts';
import { type ConnectionOptions, findPlace } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { exitCodes, Failure, usageFailure } from '../failure.ts';
import { formatSeconds } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { progressBar } from '../terminal/progress-bar.ts';
import { type ProgressLine, progressLine } from '../terminal/progress-line.ts';

export interface BenchOptions extends ConnectionOptions {
  readonly model?: string;
  readonly concurrency: number;
  readonly requests?: number;
  readonly seconds?: number;
  readonly prompt: string;
  readonly maxTokens: number;
  /** Silence that is a failure. */
  readonly timeout: number;
}

const usualRequests = 50;

/** Puts a load of streamed chats on a server and says how it bore it. Gives the exit code: 130 when it was stopped early. */
export async function bench(options: BenchOptions, context: Context): Promise<number> {
  const load = loadFrom(options);
  const { url, key } = findPlace(options, context);
  const anura = createAnura({ baseUrl: url, apiKey: key, retries: 0, timeoutMs: options.timeout * 1000 });
  const model = options.model ?? chooseChatModel(await anura.models.list({ signal: context.signal }));
  const ask = asker(anura, model, options, context.signal);
  const line = progressLine(context, options);
  try {
    line.show(`Trying ${model} once …`, 'trying');
    await tryOnce(ask);
    const outcome = await runShown(load, ask, line, context);
    line.clear();
    tell(reportOf(outcome), { url, model, ...load }, options, context);
    return outcome.interrupted ? exitCodes.interrupted : exitCodes.ok;
  } finally {
    line.clear();
  }
}

type Ask = (number: number) => Promise<Measurement>;

/** Drawn by a clock and not at every answer, of which there may be thousands a second. */
async function runShown(load: Load, ask: Ask, line: ProgressLine, { signal, stderr }: Context): Promise<LoadOutcome> {
  const startedAt = performance.now();
  let done: readonly Measurement[] = [];
  const show = () => line.show(stderr.isTTY ? progressText(done, load, startedAt) : 'Asking …', 'asking');
  show();
  const timer = setInterval(show, 200);
  const onProgress = (measurements: readonly Measurement[]) => {
    done = measurements;
  };
  try {
    return await runLoad(load, ask, { signal, now: () => performance.now(), onProgress });
  } finally {
    clearInterval(timer);
  }
}

/** Both limits, when both are given; a number of requests when none is. */
function loadFrom({ concurrency, requests, seconds }: BenchOptions): Load {
  const most = requests ?? (seconds === undefined ? Math.max(usualRequests, concurrency) : Number.POSITIVE_INFINITY);
  if (concurrency > most) throw usageFailure(`--concurrency: ${concurrency} at once need at least as many --requests`);
  return { concurrency, requests: most, durationMs: (seconds ?? Number.POSITIVE_INFINITY) * 1000 };
}

/** Other servers than Anura do not say what a model makes. */
function chooseChatModel(models: readonly Model[]): string {
  const [first] = models;
  return first && models.every(({ modality }) => modality === undefined) ? first.id : chooseModel(models, 'chat').id;
}

/** Prompts begin differently, so that no server answers from what it remembers of the one before. */
function asker(anura: Anura, model: string, { prompt, maxTokens }: BenchOptions, signal: AbortSignal): Ask {
  return (number) => {
    const messages = [{ role: 'user' as const, content: `(${number}) ${prompt}` }];
    const request = { model, messages, max_tokens: maxTokens, stream_options: { include_usage: true } };
    return measureStream(
      () => anura.chat.stream(request, { signal }),
      signal,
      () => performance.now(),
    );
  };
}

/** One request that does not count: it loads the model, and finds out what would make every other one fail. */
async function tryOnce(ask: Ask): Promise<void> {
  const tried = await ask(0);
  if (tried.outcome === 'answered' || isPassing(tried)) return;
  const { message, code, status } = tried;
  throw new AnuraError(message, { code, status });
}

/** What may be otherwise at the next request: a server that is full or stumbles is what is to be measured. */
function isPassing({ status, code }: Extract<Measurement, { outcome: 'failed' }>): boolean {
  if (status === undefined) return code === 'stream_cut_off' || code === 'timeout' || code === 'unknown';
  return status === 429 || (status >= 500 && code !== 'not_the_api');
}

function progressText(done: readonly Measurement[], { requests, durationMs }: Load, startedAt: number): string {
  const elapsedMs = performance.now() - startedAt;
  const share = Math.min(1, Math.max(done.length / requests, elapsedMs / durationMs));
  const failed = done.filter(({ outcome }) => outcome === 'failed').length;
  const counts = `${done.length}${Number.isFinite(requests) ? ` of ${requests} requests` : ' requests'}`;
  return `${progressBar(share)}  ${counts}${failed > 0 ? `, ${failed} failed` : ''}  ${formatSeconds(elapsedMs / 1000)}`;
}

function tell(
  report: LoadReport,
  { url, model, concurrency }: Load & { url: string; model: string },
  { json, maxTokens }: BenchOptions,
  { stdout }: Context,
): void {
  const { requests, errors, interrupted } = report;
  const title = `${printable(model)} at ${url}, ${concurrency} at once${interrupted ? ', stopped early' : ''}`;
  if (json) printJson(stdout, { url, model, concurrency, max_tokens: maxTokens, ...report });
  else for (const line of [title, ...reportLines(report)]) printLine(stdout, line);
  if (requests.total > 0 && requests.answered === 0)
    throw new Failure(`None of ${requests.total} requests was answered: ${errors[0]?.message ?? 'nobody says why'}`);
}
