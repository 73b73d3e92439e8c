import type { ChatCompletionRequest, ChatMessage } from '@anura/openapi';
import type { FakeModel } from '../models.ts';
import { Refusal } from '../reply.ts';
import { countTokens } from '../tokens.ts';

/** Fields beyond OpenAI's that vLLM knows and that are handy in tests. */
export type FakeChatRequest = ChatCompletionRequest & {
  /** Go on until `max_tokens` even if the text would end before. */
  ignore_eos?: boolean;
};

/** Checks what a real upstream would check; throws a `Refusal`. */
export function checkChatRequest(request: FakeChatRequest, model: FakeModel): void {
  if (model.modality !== 'chat') refuse('model', `${model.name} is no chat model`);
  if (!Array.isArray(request.messages) || request.messages.length === 0)
    refuse('messages', 'messages must not be empty');
  checkRange('temperature', request.temperature, 0, 2);
  checkRange('top_p', request.top_p, 0, 1);
  checkRange('n', request.n, 1, 8);
  checkRange('max_tokens', request.max_tokens, 1, Number.POSITIVE_INFINITY);
  checkRange('top_logprobs', request.top_logprobs, 0, 20);
  if ((request.tools?.length ?? 0) > 0 && !model.capabilities.includes('tools'))
    refuse('tools', `${model.name} does not support tools`);
  if (imageUrls(request.messages).length > 0 && !model.capabilities.includes('vision'))
    refuse('messages', `${model.name} does not support images`);
  if (request.response_format?.type === 'json_schema' && !request.response_format.json_schema?.schema) {
    refuse('response_format', 'response_format.json_schema.schema is missing');
  }
  checkContext(request, model);
}

function checkContext(request: FakeChatRequest, model: FakeModel): void {
  const promptTokens = countPromptTokens(request);
  if (promptTokens < model.contextLength) return;
  const message = `This model's maximum context length is ${model.contextLength} tokens. However, your messages resulted in ${promptTokens} tokens.`;
  throw new Refusal(400, message, { code: 'context_length_exceeded', param: 'messages' });
}

function checkRange(param: string, value: number | null | undefined, low: number, high: number): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'number' || value < low || value > high)
    refuse(param, `${param} must be between ${low} and ${high}`);
}

function refuse(param: string, message: string): never {
  throw new Refusal(400, message, { param, code: 'invalid_value' });
}

/** The text of a message, whatever form its content has. */
export function messageText({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('');
}

export function lastUserText(messages: readonly ChatMessage[]): string {
  const last = messages.findLast(({ role }) => role === 'user' || role === 'human');
  return last ? messageText(last) : '';
}

export function imageUrls(messages: readonly ChatMessage[]): string[] {
  const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
  return parts.flatMap(({ image_url: image }) =>
    image === undefined ? [] : [typeof image === 'string' ? image : image.url],
  );
}

const tokensPerMessage = 4;
const tokensPerImage = 85;

export function countPromptTokens({ messages, tools }: FakeChatRequest): number {
  const text = messages.map((message) => countTokens(messageText(message)) + tokensPerMessage);
  const calls = messages
    .flatMap((message) => message.tool_calls ?? [])
    .map((call) => countTokens(JSON.stringify(call.function)));
  const offered = (tools ?? []).map((tool) => countTokens(JSON.stringify(tool.function)));
  return (
    [...text, ...calls, ...offered].reduce((sum, tokens) => sum + tokens, 0) +
    imageUrls(messages).length * tokensPerImage
  );
}
