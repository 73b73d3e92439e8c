import type { ChatCompletionRequest, ChatMessage, ContentPart } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';

export interface UpstreamTarget {
  readonly provider: string;
  /** The upstream's own name of the model. */
  readonly model: string;
  readonly kind: 'openai' | 'ollama';
  /** OpenAI's own newer models take the token limit by its newer name only; everyone else knows the older one. */
  readonly newTokenLimitName: boolean;
}

/**
 * What some upstream understands. An unlisted field is left out, as the contract promises ("ignored"): strict upstreams
 * would refuse the whole request for it.
 */
const forwardedFields = [
  // OpenAI
  ...['temperature', 'top_p', 'frequency_penalty', 'presence_penalty', 'seed', 'stop', 'n', 'logprobs', 'top_logprobs'],
  ...['logit_bias', 'response_format', 'tools', 'tool_choice', 'parallel_tool_calls', 'reasoning_effort', 'verbosity'],
  ...['prediction', 'service_tier', 'prompt_cache_key', 'reasoning', 'thinking'],
  // Ollama, llama-server, vLLM, SGLang, LM Studio, LocalAI
  ...['top_k', 'min_p', 'typical_p', 'repeat_penalty', 'repetition_penalty', 'repeat_last_n', 'length_penalty'],
  ...['mirostat', 'mirostat_tau', 'mirostat_eta', 'min_tokens', 'ignore_eos', 'stop_token_ids', 'bad_words'],
  ...[
    'include_stop_str_in_output',
    'skip_special_tokens',
    'chat_template',
    'chat_template_kwargs',
    'enable_thinking',
    'think',
  ],
  ...[
    'grammar',
    'guided_json',
    'guided_regex',
    'guided_choice',
    'guided_grammar',
    'structured_outputs',
    'regex',
    'ebnf',
  ],
  ...['cache_prompt', 'continue_final_message', 'add_generation_prompt', 'priority', 'keep_alive', 'dry_multiplier'],
] as const;

/**
 * The request as the upstream gets it: always streamed, always with usage, its model by the upstream's name.
 */
export function upstreamChatRequest(request: ChatCompletionRequest, target: UpstreamTarget): Record<string, unknown> {
  const { kind, model, newTokenLimitName } = target;
  refuseUnsupported(request, target);
  const fields = pickFields(request);
  const limit = request.max_completion_tokens ?? request.max_tokens;
  if (limit != null) fields[newTokenLimitName ? 'max_completion_tokens' : 'max_tokens'] = limit;
  const messages = answerCallsInOrder(request.messages).map((message) => upstreamMessage(message, kind));
  return { model, messages, ...fields, stream: true, stream_options: { include_usage: true } };
}

/** Throws an `invalid-request` for what this upstream is known to ignore. */
export function refuseUnsupported({ n }: ChatCompletionRequest, { provider, kind }: UpstreamTarget): void {
  if (kind !== 'ollama' || (n ?? 1) <= 1) return;
  const message = `Provider ${provider} gives one answer per request; ask for n: 1.`;
  throw new GatewayError('invalid-request', message, { param: 'n', retry: 'elsewhere' });
}

function pickFields(request: ChatCompletionRequest): Record<string, unknown> {
  const given: Record<string, unknown> = { ...request };
  const present = forwardedFields.filter((name) => given[name] !== undefined && given[name] !== null);
  const fields = Object.fromEntries(present.map((name) => [name, given[name]]));
  if (request.tools?.length === 0) delete fields['tools'];
  if (fields['tools'] === undefined) {
    delete fields['tool_choice'];
    delete fields['parallel_tool_calls'];
  }
  return fields;
}

/** Gives results without `tool_call_id` the id of the call they answer: strict upstreams insist on it. */
function answerCallsInOrder(messages: readonly ChatMessage[]): ChatMessage[] {
  let open: string[] = [];
  return messages.map((message) => {
    if (message.tool_calls?.length) open = message.tool_calls.map((call) => call.id);
    if (message.role !== 'tool') return message;
    const id = message.tool_call_id ?? open[0];
    open = open.filter((one) => one !== id);
    return id === undefined ? message : { ...message, tool_call_id: id };
  });
}

function upstreamMessage(message: ChatMessage, kind: UpstreamTarget['kind']): Record<string, unknown> {
  const entries = Object.entries({
    ...message,
    role: upstreamRole(message.role, kind),
    content: Array.isArray(message.content)
      ? message.content.map(upstreamPart)
      : (message.content ?? (message.tool_calls ? null : '')),
    tool_calls: message.tool_calls?.map(({ id, type, function: called }) => ({ id, type, function: called })),
  });
  return Object.fromEntries(
    entries.filter(([name, value]) => name === 'content' || (value !== undefined && value !== null)),
  );
}

/** Ollama's templates know no `developer`: the message would vanish. */
function upstreamRole(role: ChatMessage['role'], kind: UpstreamTarget['kind']): string {
  if (role === 'ai') return 'assistant';
  if (role === 'human') return 'user';
  return role === 'developer' && kind === 'ollama' ? 'system' : role;
}

/** A bare image URL becomes the object that OpenAI's API asks for. */
function upstreamPart(part: ContentPart): ContentPart {
  return typeof part.image_url === 'string' ? { ...part, image_url: { url: part.image_url } } : part;
}
