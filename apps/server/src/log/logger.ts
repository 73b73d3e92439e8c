import { type DestinationStream, type Logger, pino } from 'pino';
import { readableLines } from './readable-lines.ts';

export type { Logger } from 'pino';

export interface LogOptions {
  level: string;
  /** `json` for machines, `pretty` for people, `auto` is pretty on a terminal. */
  format: 'auto' | 'json' | 'pretty';
  /** Where lines go. Default: standard error, so that standard output stays the command's own. */
  destination?: NodeJS.WritableStream & { isTTY?: boolean };
}

/** Paths under which a secret could stand in a logged object. */
const secrets = [
  'key',
  'apiKey',
  'authorization',
  '*.key',
  '*.apiKey',
  '*.authorization',
  'headers.authorization',
  'headers["x-api-key"]',
];

/** The one logger of a process. Keys are redacted; prompts and answers are never passed to it unless asked for. */
export function createLogger({ level, format, destination }: LogOptions): Logger {
  const target = destination ?? process.stderr;
  const pretty = format === 'pretty' || (format === 'auto' && target.isTTY === true);
  return pino(
    { level, base: null, redact: { paths: secrets, censor: '***' }, timestamp: pino.stdTimeFunctions.isoTime },
    pretty ? readableLines(target) : (destination ?? standardErrorInBackground()),
  );
}

/** Lines for machines are many: no request waits for its own to be written. What waits is written before the process ends. */
const standardErrorInBackground = (): DestinationStream => pino.destination({ dest: 2, sync: false });
