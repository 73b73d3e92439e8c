import type { ResourceOffer } from '@anura/core/catalog';
import type { ChatEngineChunk, EngineCall, Provider } from '@anura/core/engines';
import type { ChatCompletionRequest } from '@anura/openapi';

export type Script = (request: ChatCompletionRequest, call: EngineCall) => AsyncIterable<ChatEngineChunk>;

/** A provider in the process that plays a script: for what must be exact to the byte, or must never end by itself. */
export function scriptedProvider(model: string, chat: Script, more: Partial<ResourceOffer> = {}): Provider {
  const offer: ResourceOffer = {
    id: `scripted/${model}`,
    provider: 'scripted',
    engine: 'scripted',
    model,
    modality: 'chat',
    capabilities: ['tools', 'json_schema'],
    contextLength: 1024,
    slots: 8,
    state: 'loaded',
    ...more,
  };
  const offers = [offer];
  return { name: 'scripted', engine: 'scripted', chat: { chat }, offers: () => offers, close: async () => {} };
}

export const piece = (content: string): ChatEngineChunk => ({
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});

export const finish: ChatEngineChunk = {
  choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};
