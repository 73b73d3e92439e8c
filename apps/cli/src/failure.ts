import { printable } from './terminal/printable.ts';

/** 0 all is well · 1 it failed · 2 the command was not understood · 130 Ctrl-C. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** A command cannot go on. The message is one line that says what happened and what to do. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, { exitCode = exitCodes.failed, cause }: { exitCode?: number; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Failure';
    this.exitCode = exitCode;
  }
}

/** Somebody pressed Ctrl-C where it does not arrive as a signal. Nothing is said about it. */
export class Interruption extends Failure {
  constructor(options: { cause?: unknown } = {}) {
    super('Interrupted.', { ...options, exitCode: exitCodes.interrupted });
    this.name = 'Interruption';
  }
}

/** The command line makes no sense, in a way that only the command could find out. */
export function usageFailure(message: string): Failure {
  return new Failure(message, { exitCode: exitCodes.usage });
}

/** A flag with a value that makes no sense is a usage mistake, as is an address or a key that is none; a file with one is not. */
export function exitCodeOf(error: unknown): number {
  if (hasProblems(error) && error.problems.every((problem) => problem.startsWith('--'))) return exitCodes.usage;
  if ((error as { code?: unknown }).code === 'invalid_options') return exitCodes.usage;
  return error instanceof Failure ? error.exitCode : exitCodes.failed;
}

/** What a person is told about anything that was thrown: one line per problem, no stack. */
export function failureLines(error: unknown): string[] {
  if (hasProblems(error))
    return ['The configuration has mistakes:', ...error.problems.map((problem) => `  ${printable(problem)}`)];
  const { message, status, code } = error as { message?: string; status?: number; code?: string };
  const [first = ''] = printable(message ?? String(error)).split('\n', 1); // most are the server's words
  return [`${first}${keyHint(status, code)}`];
}

/** A `ConfigError`, told by its shape so that light commands need not load the server's package. */
function hasProblems(error: unknown): error is { problems: readonly string[] } {
  return error instanceof Error && 'problems' in error && Array.isArray(error.problems);
}

/** A key that has expired or was revoked is there already: giving it again would not help. */
function keyHint(status: number | undefined, code: string | undefined): string {
  if (status === 403) return ' The key from the first start has every right; --profile or --key gives another key.';
  if (status !== 401) return '';
  const save = ' `anura login` saves one; --key or ANURA_API_KEY give one for once.';
  return code === 'expired_api_key' || code === 'revoked_api_key'
    ? save
    : `${save} \`anura serve\` printed one at its first start.`;
}
