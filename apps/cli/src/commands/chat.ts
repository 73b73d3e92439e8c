import type { Anura, Model } from '@anura/client';
import { ChatSession } from '../chat/chat-session.ts';
import { Conversation } from '../chat/conversation.ts';
import { splitWords } from '../chat/split-words.ts';
import { chooseModel } from '../choose-model.ts';
import { type ConnectionOptions, connect } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { Failure, usageFailure } from '../failure.ts';
import { readPipe } from '../read-input.ts';
import { printable } from '../terminal/printable.ts';

export interface ChatOptions extends ConnectionOptions {
  /** The model and the prompt, which are told apart here. */
  readonly words: readonly string[];
  readonly model?: string;
  readonly system?: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly interactive?: boolean;
  readonly json?: boolean;
}

/** A conversation on a terminal; one answer when there is a prompt or input is piped in. */
export async function chat(options: ChatOptions, context: Context): Promise<void> {
  const anura = connect(options, context);
  const models = await anura.models.list({ signal: context.signal });
  const isTalk = options.interactive || (context.stdin.isTTY === true && !hasPrompt(options, models));
  const names = models.map(({ id }) => id);
  const { model, prompt } = options.model
    ? { model: options.model, prompt: options.words.join(' ') }
    : splitWords(options.words, names, !context.stdin.isTTY && !isTalk);
  if (isTalk && !options.model && model !== undefined && !names.includes(model)) throw noSuchModel(model);
  const conversation = startConversation(anura, model ?? chooseModel(models, 'chat').id, options);
  if (isTalk) return talk(conversation, anura, context);
  await answerOnce(conversation, prompt, options, context);
}

/** A question of one word looks like a name. Nobody should find out at the first message of a conversation. */
function noSuchModel(word: string): Failure {
  return new Failure(
    `The server has no model ${word}; \`anura models\` lists them. If that is a question, name the model: anura chat -m NAME ${JSON.stringify(word)}`,
  );
}

function hasPrompt({ words, model }: ChatOptions, models: readonly Model[]): boolean {
  const names = models.map(({ id }) => id);
  return model ? words.length > 0 : splitWords(words, names, false).prompt !== '';
}

function startConversation(
  anura: Anura,
  model: string,
  { system, temperature, maxTokens, seed }: ChatOptions,
): Conversation {
  return new Conversation(anura, model, system, {
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(seed !== undefined && { seed }),
  });
}

async function talk(conversation: Conversation, anura: Anura, context: Context): Promise<void> {
  const listModels = async () =>
    (await anura.models.list({ signal: context.signal }))
      .filter(({ modality }) => modality === 'chat')
      .map(({ id }) => id);
  await new ChatSession(context, conversation, listModels).run();
}

async function answerOnce(
  conversation: Conversation,
  prompt: string,
  options: ChatOptions,
  context: Context,
): Promise<void> {
  const piped = await readPipe(context);
  const question = [prompt, piped].filter(Boolean).join('\n\n');
  if (!question) throw usageFailure('There is no question. Try: anura chat "Why do frogs sing?"');
  if (options.json) return answerAsJson(conversation, question, options, context);
  let last = '\n';
  try {
    for await (const { text } of conversation.ask(question, context.signal)) {
      const shown = context.stdout.isTTY ? printable(text) : text;
      context.stdout.write(shown);
      last = shown || last;
    }
  } finally {
    if (!last.endsWith('\n')) printLine(context.stdout); // also before an error, which begins a line of its own
  }
}

async function answerAsJson(
  conversation: Conversation,
  question: string,
  options: ChatOptions,
  context: Context,
): Promise<void> {
  const request = conversation.requestFor({ role: 'user', content: question });
  printJson(context.stdout, await connect(options, context).chat.create(request, { signal: context.signal }));
}
