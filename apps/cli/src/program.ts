import { Command } from 'commander';
import { addChatCommands } from './command-lines/ask.ts';
import { addBenchCommand } from './command-lines/bench.ts';
import { addCompletionCommands } from './command-lines/completion.ts';
import { addLookCommands } from './command-lines/look.ts';
import { addMakeCommands } from './command-lines/make.ts';
import { addManageCommands } from './command-lines/manage.ts';
import { addProfileCommands } from './command-lines/profiles.ts';
import { addSearchCommands } from './command-lines/search.ts';
import { addServerCommands } from './command-lines/server.ts';
import type { Context } from './context.ts';
import { usageAsJson, wantsJson } from './failure-as-json.ts';
import { packageVersion } from './package-version.ts';

/** What a command line needs to be set up. */
export interface Setup {
  readonly program: Command;
  readonly context: Context;
  /** The arguments, to set up only what they can need. */
  readonly args: readonly string[];
  readonly setExitCode: (code: number) => void;
  /** The same program for other arguments. */
  readonly build: (args: readonly string[]) => Promise<Command>;
}

const examples = `
Examples:
  anura serve                                start a server on this machine
  anura login https://anura.example          or use one elsewhere, from now on
  anura chat                                 talk to its first model
  cat notes.md | anura chat "Summarise:"     one question, one answer
  anura image "a frog in a pond"             a picture, in a file of its own
  anura models                               what can be asked
  anura doctor                               what is found, what is missing, what to do

Commands talk to the server of \`anura login\`, or the one in --url or ANURA_URL, or else to
http://127.0.0.1:8484; --key or ANURA_API_KEY give another key. \`anura help COMMAND\` says more.`;

/**
 * The whole command line. Only descriptions are made here: what a command does is loaded when it is called.
 * Usage mistakes and help end in a `CommanderError`.
 */
export async function buildProgram(
  args: readonly string[],
  context: Context,
  setExitCode: (code: number) => void,
): Promise<Command> {
  const json = wantsJson(args);
  const program = new Command('anura')
    .description('An inference server you run yourself: one OpenAI-compatible API in front of whatever computes.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', examples)
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: (text, write) => write(json ? `${JSON.stringify(usageAsJson(text))}\n` : text),
      getOutHelpWidth: () => context.stdout.columns ?? 100,
      getErrHelpWidth: () => context.stderr.columns ?? 100,
    })
    .showHelpAfterError(json ? false : 'Try --help.')
    .exitOverride();
  const build = (others: readonly string[]) => buildProgram(others, context, setExitCode);
  const setup = { program, context, args, setExitCode, build };
  await addServerCommands(setup);
  addChatCommands(setup);
  addMakeCommands(setup);
  await addSearchCommands(setup);
  await addLookCommands(setup);
  addBenchCommand(setup);
  await addManageCommands(setup);
  addProfileCommands(setup);
  addCompletionCommands(setup);
  return program;
}
