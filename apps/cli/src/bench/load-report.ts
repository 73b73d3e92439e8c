import { formatSeconds } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { table } from '../terminal/table.ts';
import type { Measurement } from './measure-stream.ts';
import type { LoadOutcome } from './run-load.ts';
import { type Spread, spreadOf } from './spread.ts';

/** What `--json` prints. Times are milliseconds; a spread is null when nothing was measured. */
export interface LoadReport {
  readonly elapsed_seconds: number;
  readonly interrupted: boolean;
  readonly requests: {
    readonly total: number;
    readonly answered: number;
    readonly failed: number;
    /** Of the failed ones, those refused with 429. */
    readonly too_many: number;
    readonly answered_per_second: number;
  };
  readonly tokens: {
    readonly prompt: number;
    readonly completion: number;
    readonly completion_per_second: number;
    /** While it is answered, its wait for the first token left out. Null when no answer had two tokens. */
    readonly completion_per_second_per_stream: number | null;
  };
  readonly first_token_ms: Spread | null;
  readonly between_tokens_ms: Spread | null;
  readonly latency_ms: Spread | null;
  /** The most frequent first. */
  readonly errors: readonly LoadError[];
}

interface LoadError {
  readonly code: string;
  readonly status: number | null;
  readonly count: number;
  /** Of the first of them. */
  readonly message: string;
}

export function reportOf({ measurements, elapsedMs, interrupted }: LoadOutcome): LoadReport {
  const answered = measurements.filter((one) => one.outcome === 'answered');
  const failed = measurements.filter((one) => one.outcome === 'failed');
  const seconds = elapsedMs / 1000;
  const completion = sum(answered.map((one) => one.completionTokens));
  return {
    elapsed_seconds: seconds,
    interrupted,
    requests: {
      total: measurements.length,
      answered: answered.length,
      failed: failed.length,
      too_many: failed.filter((one) => one.status === 429).length,
      answered_per_second: answered.length / seconds || 0,
    },
    tokens: {
      prompt: sum(answered.map((one) => one.promptTokens)),
      completion,
      completion_per_second: completion / seconds || 0,
      completion_per_second_per_stream: streamPace(answered),
    },
    first_token_ms: spreadOf(answered.flatMap((one) => one.firstTokenMs ?? [])) ?? null,
    between_tokens_ms:
      spreadOf(answered.flatMap(({ generationMs, ...one }) => generationMs / later(one) || [])) ?? null,
    latency_ms: spreadOf(answered.map((one) => one.latencyMs)) ?? null,
    errors: errorsIn(failed),
  };
}

type Answered = Extract<Measurement, { outcome: 'answered' }>;
type Failed = Extract<Measurement, { outcome: 'failed' }>;

/** Over all streams together: in one short stream, tokens that come in one packet would look like any speed at all. */
function streamPace(answered: readonly Answered[]): number | null {
  const generationMs = sum(answered.map((one) => one.generationMs));
  return generationMs > 0 ? (sum(answered.map(later)) * 1000) / generationMs : null;
}

/** The tokens after the first, whose time is how long the answer took to begin. */
const later = ({ completionTokens }: Pick<Answered, 'completionTokens'>): number => Math.max(0, completionTokens - 1);

function errorsIn(failed: readonly Failed[]): LoadError[] {
  const kinds = Map.groupBy(failed, ({ code, status }) => `${status} ${code}`);
  return [...kinds.values()]
    .flatMap(([first, ...more]) =>
      first ? [{ code: first.code, status: first.status ?? null, count: more.length + 1, message: first.message }] : [],
    )
    .sort((a, b) => b.count - a.count);
}

/** The report for people. */
export function reportLines({ elapsed_seconds, requests, tokens, ...report }: LoadReport): string[] {
  const rows = [
    spreadRow('first token', report.first_token_ms),
    spreadRow('between tokens', report.between_tokens_ms),
    spreadRow('whole answer', report.latency_ms),
  ];
  const pace = tokens.completion_per_second_per_stream;
  return [
    `${requests.answered} of ${requests.total} answered in ${duration(elapsed_seconds)}, ${number(requests.answered_per_second)} a second`,
    `${tokens.completion} tokens, ${number(tokens.completion_per_second)} a second in all${pace === null ? '' : `, ${number(pace)} in each stream`}`,
    '',
    table(['', 'MEAN', 'P50', 'P95', 'P99', 'MAX'], rows),
    ...(report.errors.length > 0 ? ['', 'Failed:', ...report.errors.map(errorLine)] : []),
    ...(requests.too_many > 0 ? ['  429 says that a limit was reached: of the key, or of the server.'] : []),
  ];
}

function spreadRow(name: string, spread: Spread | null): string[] {
  if (!spread) return [name, '-', '-', '-', '-', '-'];
  return [name, ...[spread.mean, spread.p50, spread.p95, spread.p99, spread.max].map((ms) => `${number(ms)} ms`)];
}

function errorLine({ count, status, code, message }: LoadError): string {
  const names = [status, code === 'unknown' ? undefined : code].filter(Boolean).join(' ');
  return `  ${count} × ${names || code}: ${printable(message).split('\n')[0]}`;
}

/** Three figures are as many as such a measurement is worth. */
const number = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
const duration = (seconds: number): string => (seconds < 60 ? `${number(seconds)} s` : formatSeconds(seconds));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
