import type { Setup } from '../program.ts';
import { withConnection, withJson } from './connection-options.ts';
import { addJobCommands } from './jobs.ts';

const modelsFolderSettings = ['data_dir', 'models_dir'];

const modelsHelp = `
Examples:
  anura models
  anura models --json | jq -r '.[].id'
  anura models --disk`;

const usageHelp = `
A key sees its own numbers; one with the scope admin sees all.

Examples:
  anura usage
  anura usage --from 2026-01-01 --to 2026-01-31 --json`;

const doctorHelp = `
Looks at this machine, the configuration of a server here, and the server the command would talk to. It ends
with 1 when something does not work.

Examples:
  anura doctor
  anura doctor --url https://anura.example --json`;

const explainHelp = `
Examples:
  anura explain tadpole
  anura explain llama3.1:8b --vision --tools`;

/** The commands that tell how things stand. */
export async function addLookCommands(setup: Setup): Promise<void> {
  const { program, context, args, setExitCode } = setup;
  program.commandsGroup('Look:');
  const models = withJson(program.command('models'))
    .description('list the models that can be asked')
    .addHelpText('after', modelsHelp)
    .option('--disk', 'list the files in the models folder of this machine instead');
  // Which folder that is, is a question for the table of settings; listing what a server has should not wait for it.
  if (args.includes('models') && args.some((word) => ['--disk', '--help', '-h', 'help'].includes(word))) {
    const { addServerFlags } = await import('../server-flags.ts');
    addServerFlags(models, context, modelsFolderSettings);
  }
  withConnection(models).action(async (options) =>
    options.disk
      ? (await import('../commands/models-on-disk.ts')).modelsOnDisk(options, context)
      : (await import('../commands/models.ts')).models(options, context),
  );

  const explain = withJson(program.command('explain'))
    .description('say where a chat request would run, and why not elsewhere; nothing is run')
    .argument('<model>', 'the model or alias')
    .argument('[prompt...]', 'the question, whose length counts')
    .option('--vision', 'as if it carried an image')
    .option('--tools', 'as if it carried a tool')
    .addHelpText('after', explainHelp);
  withConnection(explain).action(async (model, prompt, options) =>
    (await import('../commands/explain.ts')).explain({ ...options, model, prompt: prompt.join(' ') }, context),
  );

  const usage = withJson(program.command('usage'))
    .description('show requests and tokens per day, key and model')
    .option('--from <day>', 'the first day, like 2026-01-31 (default: 30 days ago)')
    .option('--to <day>', 'the last day (default: today)')
    .option('--key-id <id>', 'of this key alone')
    .addHelpText('after', usageHelp);
  withConnection(usage).action(async (options) => (await import('../commands/usage.ts')).usage(options, context));

  addJobCommands(setup);

  const doctor = withJson(program.command('doctor'))
    .description('check everything and say what to do')
    .addHelpText('after', doctorHelp);
  if (args.includes('doctor')) (await import('../server-flags.ts')).addServerFlags(doctor, context);
  withConnection(doctor).action(async (options) =>
    setExitCode(await (await import('../commands/doctor.ts')).doctor(options, context)),
  );
}
