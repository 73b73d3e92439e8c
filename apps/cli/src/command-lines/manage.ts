import type { Command } from 'commander';
import type { Setup } from '../program.ts';
import { withConnection, withJson } from './connection-options.ts';
import { numberBetween, wholeNumber } from './parse-number.ts';

const pullHelp = `
Names are Ollama's, or hf:owner/repo for a folder of ONNX files. An interrupted pull goes on where it stopped.

Examples:
  anura pull llama3.1:8b
  anura pull hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M
  anura pull kokoro`;

const keysHelp = `
Examples:
  anura keys create --name laptop
  anura keys create --name ops --scope inference,admin --expires-in-days 90
  anura keys revoke key_3f9c1d20a7b4`;

const removeHelp = `
What other models share is kept.

Examples:
  anura rm llama3.1:8b`;

const configHelp = `
Looks at anura.config.yaml, the variables and the flags, as anura serve would here.

Examples:
  anura config print
  anura config check --config /etc/anura/anura.config.yaml`;

const modelsFolderSettings = ['data_dir', 'models_dir'];

/** The commands that change something. */
export async function addManageCommands(setup: Setup): Promise<void> {
  setup.program.commandsGroup('Manage:');
  await addPullCommands(setup);
  addKeyCommands(setup);
  await addConfigCommands(setup);
}

async function addPullCommands({ program, context, args }: Setup): Promise<void> {
  const pull = withJson(program.command('pull'))
    .description('download a model into the models folder of this machine')
    .argument('<name>', 'for example llama3.1:8b')
    .option('--registry <url>', 'another registry than Ollama’s')
    .option('--hub <url>', 'a mirror of Hugging Face, for kokoro and hf: names')
    .addHelpText('after', pullHelp);
  const remove = withJson(program.command('rm'))
    .description('delete a downloaded model from this machine')
    .argument('<name>', 'as in anura models --disk')
    .addHelpText('after', removeHelp);
  if (args.includes('pull') || args.includes('rm')) {
    const { addServerFlags } = await import('../server-flags.ts');
    for (const command of [pull, remove]) addServerFlags(command, context, modelsFolderSettings);
  }
  pull.action(async (name, options) => (await import('../commands/pull.ts')).pullModel(name, options, context));
  remove.action(async (name, options) => (await import('../commands/remove.ts')).remove(name, options, context));
}

function addKeyCommands({ program, context }: Setup): void {
  const keys = program.command('keys').description('make, list and revoke API keys').addHelpText('after', keysHelp);
  const create = withJson(keys.command('create'))
    .description('make a key and show it, once')
    .option('-n, --name <name>', 'what to call it')
    .option('--scope <scopes>', 'inference, admin, or both with a comma (default: inference)')
    .option('--expires-in-days <days>', 'how long it is valid (default: for ever)', numberBetween(0.001, 36_500))
    .option('--requests-per-second <number>', 'its own limit', numberBetween(0.001, 1_000_000))
    .option('--tokens-per-minute <number>', 'its own limit', wholeNumber(1))
    .option('--concurrent-requests <number>', 'its own limit', wholeNumber(1))
    .option('--monthly-tokens <number>', 'its own limit', wholeNumber(1))
    .option('--weight <number>', 'its share of a busy server (default: 1)', numberBetween(0.001, 1000));
  withConnection(create).action(async (options) => (await import('../commands/keys.ts')).createKey(options, context));

  withConnection(withJson(keys.command('list')))
    .description('list all keys')
    .action(async (options) => (await import('../commands/keys.ts')).listKeys(options, context));

  withConnection(withJson(keys.command('revoke')))
    .description('revoke keys for good')
    .argument('<id...>', 'as in anura keys list')
    .action(async (ids, options) => (await import('../commands/keys.ts')).revokeKeys(ids, options, context));
}

async function addConfigCommands({ program, context, args }: Setup): Promise<void> {
  const config = program
    .command('config')
    .description('show and check the configuration of a server')
    .addHelpText('after', configHelp);
  const print = withJson(config.command('print')).description(
    'print the effective configuration, secrets hidden, with where each value came from',
  );
  const check = withJson(config.command('check')).description('say what is wrong with it');
  if (args.includes('config')) await addAllFlags([print, check], context);
  print.action(async (options) => (await import('../commands/config.ts')).printConfig(options, context));
  check.action(async (options) => (await import('../commands/config.ts')).checkConfig(options, context));
}

async function addAllFlags(commands: readonly Command[], context: Setup['context']): Promise<void> {
  const { addServerFlags } = await import('../server-flags.ts');
  for (const command of commands) addServerFlags(command, context);
}
