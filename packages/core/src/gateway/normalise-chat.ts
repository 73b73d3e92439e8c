import type { ChatCompletionRequest, ChatMessage, OllamaOptions, Tool } from '@anura/openapi';

/**
 * The request as every engine reads it: synonyms of roles resolved, Ollama's `options` filled into what the top level
 * leaves out, `null` the same as absent, one name for the token limit (`max_tokens`), no empty `tools`. Fields nobody here
 * knows stay, so that an upstream which does may use them.
 */
export function normaliseChat(request: ChatCompletionRequest): ChatCompletionRequest {
  const { options, max_completion_tokens, ...rest } = withoutNulls(request);
  const normal: ChatCompletionRequest = {
    ...(options ? fromOllama(options) : {}),
    ...rest,
    messages: request.messages.map(normaliseMessage),
  };
  const limit = max_completion_tokens ?? normal.max_tokens;
  if (limit != null) normal.max_tokens = limit;
  if (normal.tools?.length === 0) {
    delete normal.tools;
    delete normal.tool_choice;
  }
  if (normal.tools) normal.tools = normal.tools.map(normaliseTool);
  return normal;
}

const synonyms: Partial<Record<ChatMessage['role'], ChatMessage['role']>> = { ai: 'assistant', human: 'user' };

function normaliseMessage(message: ChatMessage): ChatMessage {
  const normal: ChatMessage = { ...message, role: synonyms[message.role] ?? message.role };
  if (normal.tool_calls?.length === 0 || normal.tool_calls === null) delete normal.tool_calls;
  return normal;
}

/**
 * The names of Ollama that mean something here. All others are ignored: the contract has not checked them, and at the top
 * level an `n` of a billion or tools that are no tools would get past it.
 */
const ollamaNames = new Set([
  ...['temperature', 'top_p', 'top_k', 'min_p', 'seed', 'stop', 'frequency_penalty', 'presence_penalty'],
  ...['repeat_penalty', 'repeat_last_n'],
]);

/** What Ollama's names mean at the top level. `num_predict` below 0 means no limit there. */
function fromOllama(options: NonNullable<OllamaOptions>): Partial<ChatCompletionRequest> {
  const { num_predict, ...rest } = withoutNulls(options);
  const known = Object.entries(rest).filter(([name]) => ollamaNames.has(name));
  const limit = typeof num_predict === 'number' && num_predict > 0 ? { max_tokens: num_predict } : {};
  return { ...(Object.fromEntries(known) as Partial<ChatCompletionRequest>), ...limit };
}

/** Some clients write `"properties": null` for a function without arguments, which no engine reads as absent. */
function normaliseTool(tool: Tool): Tool {
  const { parameters } = tool.function;
  return parameters ? { ...tool, function: { ...tool.function, parameters: withoutNulls(parameters) } } : tool;
}

function withoutNulls<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) as T;
}
