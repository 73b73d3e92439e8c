import type { ChatModelFunctions, LlamaText, Token } from '@anura/node-llama-cpp';
import type { ChatMessage, Tool } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { ChatModel } from '../chat/chat-model.ts';
import { toChatHistory } from './chat-history.ts';
import { hasProperties } from './tool-syntax.ts';

interface RenderedPrompt {
  readonly tokens: Token[];
  /** Texts that end the model's turn. */
  readonly endTexts: readonly string[];
  /** Control tokens that end the model's turn, besides the model's own. */
  readonly endTokens: ReadonlySet<Token>;
}

/**
 * The conversation in the model's own template, and `opening` after it as the first words of the answer.
 *
 * Unlike node-llama-cpp's chat session, no system prompt is added when the caller gave none. Of the bundled model's 73 check
 * questions without one, 65 get the same greedy answer with and without that default prompt, and all end by themselves;
 * of the other 8 some are better and some worse.
 *
 * Throws `GatewayError('invalid-request')` for messages the template or the context cannot take.
 */
export function renderPrompt(
  { model, wrapper, contextLength }: ChatModel,
  messages: readonly ChatMessage[],
  tools: readonly Tool[],
  opening: string,
): RenderedPrompt {
  const chatHistory = toChatHistory(messages);
  const { contextText, stopGenerationTriggers } = wrapper.generateContextState({
    chatHistory,
    ...(tools.length === 0 ? {} : { availableFunctions: describeTools(tools), documentFunctionParams: true }),
  });
  const tokens = [...contextText.tokenize(model.tokenizer), ...model.tokenize(opening, true)];
  if (tokens.length >= contextLength) throw promptTooLong(tokens.length, contextLength);
  return { tokens, ...endMarks(stopGenerationTriggers, model.tokenizer) };
}

function describeTools(tools: readonly Tool[]): ChatModelFunctions {
  const functions = tools.map(({ function: { name, description, parameters } }) => [
    name,
    {
      ...(description ? { description } : {}),
      ...(hasProperties(parameters) ? { params: parameters as ChatModelFunctions[string]['params'] } : {}),
    },
  ]);
  return Object.fromEntries(functions) as ChatModelFunctions;
}

function endMarks(
  triggers: readonly LlamaText[],
  tokenizer: ChatModel['model']['tokenizer'],
): { endTexts: string[]; endTokens: Set<Token> } {
  const endTexts = new Set<string>();
  const endTokens = new Set<Token>();
  for (const trigger of triggers) {
    const tokens = trigger.tokenize(tokenizer);
    const [first] = tokens;
    if (first === undefined) continue;
    if (tokens.length === 1 && tokenizer.isSpecialToken(first)) endTokens.add(first);
    else endTexts.add(tokenizer.detokenize(tokens, true));
  }
  return { endTexts: [...endTexts], endTokens };
}

function promptTooLong(promptTokens: number, contextLength: number): GatewayError {
  return new GatewayError(
    'invalid-request',
    `This model's context is ${contextLength} tokens, but the messages come to ${promptTokens} tokens. Shorten the messages; an answer needs room as well.`,
    { param: 'messages', openaiCode: 'context_length_exceeded' },
  );
}
