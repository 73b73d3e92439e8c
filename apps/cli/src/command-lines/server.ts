import type { Setup } from '../program.ts';
import { withJson } from './connection-options.ts';

const serveHelp = `
Every setting can also stand in anura.config.yaml or in a variable: --log-level is log.level there
and ANURA_LOG_LEVEL here. Flags win over variables, variables over the file. Providers and aliases
stand in the file alone.

Examples:
  anura serve
  anura serve --port 9000 --data-dir ./data
  ANURA_API_KEY=anr_… anura serve --host 0.0.0.0`;

/** The commands that run servers. */
export async function addServerCommands({ program, context, args, setExitCode }: Setup): Promise<void> {
  program.commandsGroup('Run a server:');
  const serve = withJson(program.command('serve').description('run a server on this machine')).addHelpText(
    'after',
    serveHelp,
  );
  // The table of settings takes a moment to load, and only this command's line and help show all of it.
  if (args.includes('serve')) (await import('../server-flags.ts')).addServerFlags(serve, context);
  serve.action(async (options) => (await import('../commands/serve.ts')).serve(options, context));

  program
    .command('fake-upstream')
    .description('run an OpenAI-compatible server without a model, for tests and benchmarks')
    .argument('[options...]', 'see anura fake-upstream --help')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (_options, _flags, command) => {
      const { runFakeUpstream } = await import('@anura/fake-upstream');
      setExitCode(await runFakeUpstream(command.args));
    });
}
