import { type FakeUpstream, type FakeUpstreamOptions, startFakeUpstream } from '@anura/fake-upstream';
import type { ChatCompletionRequest } from '@anura/openapi';
import type { ChatEngineChunk } from '../../chat-engine.ts';
import type { EngineCall } from '../../engine-call.ts';
import { createOpenAIProvider, type OpenAIProvider } from '../openai-provider.ts';
import type { OpenAIProviderOptions } from '../options.ts';

export interface ProviderOverFake extends AsyncDisposable {
  readonly upstream: FakeUpstream;
  readonly provider: OpenAIProvider;
  /** A call of the offer with this public name; faults may follow the name (`llama3.1:8b!hang`). */
  call(model?: string, signal?: AbortSignal): EngineCall;
  /** Streams a chat answer and collects its chunks. */
  chat(request?: Partial<ChatCompletionRequest>, signal?: AbortSignal): Promise<ChatEngineChunk[]>;
}

/** A fake upstream and a provider over it, both on real sockets. */
export async function providerOverFake(
  options: Partial<OpenAIProviderOptions> = {},
  upstreamOptions: FakeUpstreamOptions = {},
): Promise<ProviderOverFake> {
  const upstream = await startFakeUpstream(upstreamOptions);
  const provider = await createOpenAIProvider({ name: 'fake', baseUrl: upstream.url, kind: 'openai', ...options });
  const call = (model = 'llama3.1:8b', signal = new AbortController().signal): EngineCall => {
    const offer = provider.offers().find((one) => one.model === model.replace(/!.*$/s, ''));
    if (!offer) throw new Error(`The fake does not offer ${model}.`);
    return { offer: { ...offer, model }, signal, jobOfferId: 'QmTest' };
  };
  return {
    upstream,
    provider,
    call,
    async chat(request = {}, signal) {
      const whole: ChatCompletionRequest = {
        model: 'llama3.1:8b',
        messages: [{ role: 'user', content: 'write 20 words' }],
        ...request,
      };
      return collect(provider.chat.chat(whole, call(whole.model, signal)));
    },
    async [Symbol.asyncDispose]() {
      await provider.close();
      await upstream.close();
    },
  };
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** The text of one choice. */
export function textOf(chunks: readonly ChatEngineChunk[], index = 0): string {
  const choices = chunks.flatMap((chunk) => chunk.choices).filter((choice) => choice.index === index);
  return choices.map((choice) => choice.delta.content ?? '').join('');
}
