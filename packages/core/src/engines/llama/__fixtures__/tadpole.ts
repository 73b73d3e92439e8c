import { createRequire } from 'node:module';
import type { Capability, ChatCompletionRequest, ChatMessage } from '@anura/openapi';
import type { ChatEngineChunk } from '../../chat-engine.ts';
import { createLlamaProvider, type LlamaProvider, type LlamaProviderOptions } from '../index.ts';

const require = createRequire(import.meta.url);

export const tadpolePath = require.resolve('@anura/tadpole/tadpole.gguf');
export const tadpoleEmbedPath = require.resolve('@anura/tadpole/tadpole-embed.gguf');

const capabilities: Capability[] = ['tools', 'json_schema'];

/** The bundled models, on one thread. */
export function startTadpole(options: LlamaProviderOptions = {}): Promise<LlamaProvider> {
  const bundled = { tadpole: { path: tadpolePath, capabilities }, 'tadpole-embed': tadpoleEmbedPath };
  return createLlamaProvider({ bundled, gpu: false, threads: 1, ...options });
}

export function offerOf(provider: LlamaProvider, model: string) {
  const offer = provider.offers().find((candidate) => candidate.model === model);
  if (offer === undefined) throw new Error(`${model} is not offered`);
  return offer;
}

export function user(content: string): ChatMessage {
  return { role: 'user', content };
}

/** A greedy chat with the bundled model. */
export function chat(
  provider: LlamaProvider,
  fields: Partial<ChatCompletionRequest> & Pick<ChatCompletionRequest, 'messages'>,
  signal: AbortSignal = new AbortController().signal,
): AsyncIterable<ChatEngineChunk> {
  const offer = offerOf(provider, fields.model ?? 'tadpole');
  const request = { model: offer.model, temperature: 0, ...fields };
  return provider.chat.chat(request, { offer, signal, jobOfferId: 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn' });
}

export interface Answer {
  readonly chunks: readonly ChatEngineChunk[];
  readonly content: string;
  readonly finishReason: string | null | undefined;
  readonly calls: readonly { name: string; arguments: string }[];
  readonly usage: NonNullable<ChatEngineChunk['usage']>;
}

/** The whole answer of the first choice. */
export async function answer(...parameters: Parameters<typeof chat>): Promise<Answer> {
  const chunks: ChatEngineChunk[] = [];
  for await (const chunk of chat(...parameters)) chunks.push(chunk);
  const choices = chunks.flatMap((chunk) => chunk.choices).filter((choice) => choice.index === 0);
  const calls: { name: string; arguments: string }[] = [];
  for (const call of choices.flatMap((choice) => choice.delta.tool_calls ?? [])) {
    calls[call.index] ??= { name: call.function?.name ?? '', arguments: '' };
    const known = calls[call.index];
    if (known !== undefined) known.arguments += call.function?.arguments ?? '';
  }
  const usage = chunks.at(-1)?.usage;
  if (usage === undefined || usage === null) throw new Error('the answer ended without usage');
  const content = choices.map((choice) => choice.delta.content ?? '').join('');
  return { chunks, content, finishReason: choices.at(-1)?.finish_reason, calls, usage };
}
