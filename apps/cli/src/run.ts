import { homedir } from 'node:os';
import { CommanderError } from 'commander';
import { type Context, printLine } from './context.ts';
import { exitCodeOf, exitCodes, Failure, failureLines, Interruption } from './failure.ts';
import { failureAsJson, wantsJson } from './failure-as-json.ts';
import { buildProgram } from './program.ts';
import { printable } from './terminal/printable.ts';

/** Runs one command line in this process and gives the exit code. The one place that looks at `process`. */
export async function run(args: readonly string[]): Promise<number> {
  process.stdout.on('error', (error) => leave(error, wantsJson(args)));
  // Nobody is left to be told then.
  process.stderr.on('error', ({ code }: NodeJS.ErrnoException) =>
    process.exit(code === 'EPIPE' ? exitCodes.ok : exitCodes.failed),
  );
  const { env, stdin, stdout, stderr } = process;
  const context = { env, cwd: process.cwd(), home: homeFolder(), stdin, stdout, stderr, signal: stopSignal() };
  return await runCommand(args, context);
}

/** The same without a process. */
export async function runCommand(args: readonly string[], context: Context): Promise<number> {
  let exitCode: number = exitCodes.ok;
  try {
    const program = await buildProgram(args, context, (code) => {
      exitCode = code;
    });
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, context, wantsJson(args));
  }
}

function explain(error: unknown, { stderr, env, signal }: Context, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (signal.aborted || error instanceof Interruption) return exitCodes.interrupted;
  const [first, ...rest] = failureLines(error);
  if (json) printLine(stderr, JSON.stringify(failureAsJson(error)));
  else for (const line of [`error: ${first}`, ...rest]) printLine(stderr, line);
  if (env['ANURA_DEBUG'] === '1') printLine(stderr, printable(String((error as Error).stack ?? error)));
  return exitCodeOf(error);
}

/** Empty for a user without one, as in a container that runs under a number nobody has. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

/**
 * Whoever read our output has gone, e.g. `anura models | head -1`: nothing is wrong and nothing is left to do. Anything else, such
 * as a full disk behind `anura models > file`, is a failure.
 */
function leave({ code }: NodeJS.ErrnoException, json: boolean): never {
  if (code === 'EPIPE') process.exit(exitCodes.ok);
  const failure = new Failure(`What was to be printed cannot be written there (${code}).`);
  printLine(process.stderr, json ? JSON.stringify(failureAsJson(failure)) : `error: ${failure.message}`);
  process.exit(failure.exitCode);
}

/** Aborts at the first stop signal. A second one finds no listener left to be patient, and ends the process. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(exitCodes.interrupted);
    stop.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return stop.signal;
}
