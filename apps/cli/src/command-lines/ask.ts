import type { Setup } from '../program.ts';
import { withConnection, withJson } from './connection-options.ts';
import { numberBetween, wholeNumber } from './parse-number.ts';

const chatHelp = `
Without a prompt it is a conversation: Ctrl-C stops an answer, Ctrl-D leaves, /help says the rest.
With one, or with something piped in, it prints the answer and ends.

Examples:
  anura chat
  anura chat llama3.1:8b
  anura chat "Why do frogs sing?"
  cat notes.md | anura chat tadpole "Summarise:"`;

const embedHelp = `
Examples:
  anura embed "a frog in a pond"
  anura embed --model nomic-embed-text --json < notes.md`;

/** The commands that ask models. */
export function addChatCommands({ program, context }: Setup): void {
  program.commandsGroup('Ask models:');
  const chat = program
    .command('chat')
    .description('talk to a model')
    .argument('[model]', 'its name (default: the first chat model)')
    .argument('[prompt...]', 'one question instead of a conversation')
    .option('-m, --model <name>', 'the model, when the first word of the prompt should not be taken for it')
    .option('-s, --system <text>', 'how the model should behave')
    .option('-t, --temperature <number>', 'from 0, always the same, to 2, wild', numberBetween(0, 2))
    .option('--max-tokens <number>', 'the longest answer', wholeNumber(1))
    .option('--seed <number>', 'the same seed gives the same answer', wholeNumber(0))
    .option('-i, --interactive', 'a conversation even when input is no terminal')
    .addHelpText('after', chatHelp);
  withConnection(withJson(chat)).action(async (model, prompt, options) =>
    (await import('../commands/chat.ts')).chat({ ...options, words: [model, ...prompt].filter(Boolean) }, context),
  );

  const embed = program
    .command('embed')
    .description('turn a text into a vector')
    .argument('[text...]', 'the text (default: what is piped in)')
    .option('-m, --model <name>', 'the embedding model (default: the first)')
    .addHelpText('after', embedHelp);
  withConnection(withJson(embed)).action(async (words, options) =>
    (await import('../commands/embed.ts')).embed(words, options, context),
  );
}
