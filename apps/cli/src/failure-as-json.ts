import { exitCodeOf, exitCodes, failureLines } from './failure.ts';

/** What `--json` prints on standard error, on one line, when a command fails. */
export interface JsonFailure {
  readonly error: {
    /** What people are told, on one line. */
    readonly message: string;
    /** The server's or the client's code, like `model_not_found`; `usage` when the command was not understood. */
    readonly code: string;
    /** The HTTP status, where there was one. */
    readonly status?: number;
    readonly param?: string;
    readonly request_id?: string;
    readonly retry_after_ms?: number;
    readonly exit_code: number;
  };
}

/** Whether the arguments ask for JSON. Known before they are parsed, because parsing may be what fails. */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes('--json');
}

export function failureAsJson(error: unknown): JsonFailure {
  const exitCode = exitCodeOf(error);
  const { code, status, param, requestId, retryAfterMs } = error as Partial<Record<string, unknown>>;
  return {
    error: {
      message: failureLines(error)
        .map((line) => line.trim())
        .join(' '),
      // Our own codes have hyphens, those on the wire underscores.
      code: typeof code === 'string' ? code.replaceAll('-', '_') : exitCode === exitCodes.usage ? 'usage' : 'failed',
      ...(typeof status === 'number' && { status }),
      ...(typeof param === 'string' && { param }),
      ...(typeof requestId === 'string' && { request_id: requestId }),
      ...(typeof retryAfterMs === 'number' && { retry_after_ms: retryAfterMs }),
      exit_code: exitCode,
    },
  };
}

/** @param text as the parser of the command line puts it: `error: unknown option '--x'` */
export function usageAsJson(text: string): JsonFailure {
  const message = text
    .trim()
    .replace(/^error: /, '')
    .replaceAll('\n', ' ');
  return { error: { message, code: 'usage', exit_code: exitCodes.usage } };
}
