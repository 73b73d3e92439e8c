import { setTimeout as wait } from 'node:timers/promises';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { ChatEngine } from '../chat-engine.ts';
import type { EmbeddingEngine } from '../embedding-engine.ts';
import type { ImageEngine } from '../image-engine.ts';
import type { Provider } from '../provider.ts';
import type { SpeechEngine } from '../speech-engine.ts';
import type { VideoEngine } from '../video-engine.ts';
import { OpenAIChatEngine } from './chat/openai-chat-engine.ts';
import type { UpstreamTarget } from './chat/upstream-chat-request.ts';
import { ModelWatch } from './discovery/model-watch.ts';
import type { EngineParts } from './engine-parts.ts';
import { OpenAIImageEngine } from './media/openai-image-engine.ts';
import { OpenAISpeechEngine } from './media/openai-speech-engine.ts';
import { OpenAIVideoEngine } from './media/openai-video-engine.ts';
import { OpenAIEmbeddingEngine } from './openai-embedding-engine.ts';
import type { OpenAIProviderOptions } from './options.ts';
import { type OpenAISettings, readSettings } from './settings.ts';
import { Upstream } from './upstream/upstream.ts';

const firstPictureMs = 1_000;

/** A provider over one OpenAI-compatible upstream. */
export interface OpenAIProvider extends Provider {
  readonly chat: ChatEngine;
  readonly embeddings: EmbeddingEngine;
  readonly images: ImageEngine;
  readonly speech: SpeechEngine;
  readonly videos: VideoEngine;
  /** Asks the upstream for its models now. Never throws: an upstream that does not answer offers nothing in the end. */
  refresh(): Promise<void>;
}

/**
 * Connects to an upstream and waits for what it offers, 1 s at most. An upstream that is away is no error: it has no offers
 * until it is back. Throws an `invalid-request` error for options that make no sense. Whoever creates the provider closes it.
 */
export async function createOpenAIProvider(options: OpenAIProviderOptions): Promise<OpenAIProvider> {
  const settings = readSettings(options);
  const upstream = new Upstream(settings);
  const watch = new ModelWatch(settings, upstream);
  // A box that neither answers nor refuses shall not hold up the start.
  await Promise.race([watch.refresh(), wait(firstPictureMs, undefined, { ref: false })]);
  const parts: EngineParts = {
    settings,
    upstream,
    target: (model) => targetOf(settings, watch, model),
    failed(error) {
      if (tellsOfChange(error)) watch.suspect();
    },
  };
  return {
    name: settings.name,
    engine: 'openai',
    chat: new OpenAIChatEngine(parts),
    embeddings: new OpenAIEmbeddingEngine(parts),
    images: new OpenAIImageEngine(parts),
    speech: new OpenAISpeechEngine(parts),
    videos: new OpenAIVideoEngine(parts),
    offers: () => watch.offers,
    refresh: () => watch.refresh(),
    async close() {
      watch.close();
      await upstream.close();
    },
  };
}

function targetOf(settings: OpenAISettings, watch: ModelWatch, model: string): UpstreamTarget {
  return {
    provider: settings.name,
    model: watch.upstreamName(model),
    kind: watch.kind,
    newTokenLimitName: /\.openai\.(?:com|azure\.com)$/.test(new URL(settings.origin).hostname),
  };
}

/** A failure of the box itself, or a model it no longer has: what it offers may have changed. */
function tellsOfChange(error: unknown): boolean {
  if (!GatewayError.is(error) || error.retry !== 'elsewhere') return false;
  const { upstreamStatus } = error.data;
  return upstreamStatus === undefined || upstreamStatus === 404;
}
