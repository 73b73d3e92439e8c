import type { ResourceOffer } from '../../catalog/resource-offer.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { Provider } from '../provider.ts';
import { type SpeechEngine, speechVoices } from '../speech-engine.ts';
import { FliteSpeaker } from './flite/flite-speaker.ts';
import { findKokoro, type KokoroFiles } from './kokoro/kokoro-files.ts';
import { KokoroSpeaker } from './kokoro/kokoro-speaker.ts';
import { sayText } from './say-text.ts';
import type { Speaker } from './speaker.ts';
import { checkSpeechRequest, mostInputCharacters } from './speech-request.ts';

export interface SpeechProviderOptions {
  /** Default `speech`. */
  readonly name?: string;
  /** The models folder; Kokoro is looked for in its `kokoro` folder. Default: only Flite. */
  readonly modelsFolder?: string;
  /** Sentences at the same time with Flite. Default 2. */
  readonly slots?: number;
  /** Threads for one Kokoro sentence. Default 2. */
  readonly kokoroThreads?: number;
  /** A thread unused for so long ends and frees its memory, milliseconds. Default 60,000. */
  readonly idleMs?: number;
  /** Longest time for one sentence, milliseconds. Default 120,000. */
  readonly sentenceTimeoutMs?: number;
  /** Told why Kokoro is not offered although its folder is there. A pino logger fits. */
  readonly log?: { warn(details: object, message: string): void };
}

/** A provider that reads text aloud. */
export interface SpeechProvider extends Provider {
  readonly speech: SpeechEngine;
  /** Looks again for Kokoro's files, after they were fetched or removed. */
  refresh(): Promise<void>;
}

/**
 * Speech in the process: always Flite, and Kokoro where its files are. Threads start with the first sentence.
 *
 * @example
 * const provider = await createSpeechProvider({ modelsFolder: 'data/models' });
 * provider.offers().map((offer) => offer.model); // ['flite'], or ['flite', 'kokoro']
 */
export async function createSpeechProvider(options: SpeechProviderOptions = {}): Promise<SpeechProvider> {
  const provider = new InProcessSpeech(options);
  await provider.refresh();
  return provider;
}

class InProcessSpeech implements SpeechProvider {
  readonly name: string;
  readonly engine = 'speech';
  readonly speech: SpeechEngine;
  readonly #options: SpeechProviderOptions;
  readonly #flite: FliteSpeaker;
  #kokoro: KokoroSpeaker | undefined;
  #offers: readonly ResourceOffer[] = [];
  #closed = false;

  constructor(options: SpeechProviderOptions) {
    this.name = options.name ?? 'speech';
    this.#options = options;
    this.#flite = new FliteSpeaker({ slots: options.slots ?? 2, ...this.#patience() });
    this.speech = {
      admit: (request) => void checkSpeechRequest(request),
      speech: async (request, { offer, signal, onProgress }) =>
        sayText(this.#speaker(offer.model), checkSpeechRequest(request), { signal, onProgress }),
    };
  }

  offers(): readonly ResourceOffer[] {
    const state = this.#offers.find(({ model }) => model === this.#kokoro?.model)?.state;
    if (state !== undefined && state !== this.#kokoroState()) this.#offers = this.#makeOffers();
    return this.#offers;
  }

  async refresh(): Promise<void> {
    const files = await this.#findKokoro();
    if (this.#closed) return;
    if (files?.modelPath !== this.#kokoro?.files.modelPath) {
      const before = this.#kokoro;
      this.#kokoro = files && this.#openKokoro(files);
      await before?.close();
    }
    this.#offers = this.#makeOffers();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#offers = [];
    await Promise.all([this.#kokoro?.close(), this.#flite.close()]);
  }

  #speaker(model: string): Speaker {
    if (model === 'flite') return this.#flite;
    if (model === 'kokoro' && this.#kokoro) return this.#kokoro;
    throw new GatewayError('engine-failed', `Provider ${this.name} has no speech model ${model} now.`, {
      retry: 'elsewhere',
    });
  }

  /** A folder that cannot be used is no reason not to start: Flite speaks, and the log says why Kokoro does not. */
  async #findKokoro(): Promise<KokoroFiles | undefined> {
    const { modelsFolder, log } = this.#options;
    if (modelsFolder === undefined) return undefined;
    try {
      return await findKokoro(modelsFolder);
    } catch (error) {
      log?.warn({ error, provider: this.name }, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  #openKokoro(files: KokoroFiles): KokoroSpeaker {
    const phones = (text: string, signal: AbortSignal) => this.#flite.phones(text, signal);
    return new KokoroSpeaker({ files, phones, threads: this.#options.kokoroThreads ?? 2, ...this.#patience() });
  }

  #patience(): { idleMs: number; sentenceTimeoutMs: number } {
    const { idleMs = 60_000, sentenceTimeoutMs = 120_000 } = this.#options;
    return { idleMs, sentenceTimeoutMs };
  }

  #makeOffers(): readonly ResourceOffer[] {
    const flite = this.#offer(this.#flite, 'loaded', 'cmu', 'Flite: small, quick, plain English speech.');
    if (!this.#kokoro) return [flite];
    const kokoro = this.#offer(this.#kokoro, this.#kokoroState(), 'hexgrad', 'Kokoro 82M: natural English speech.');
    return [flite, { ...kokoro, sizeBytes: this.#kokoro.files.modelBytes }];
  }

  #kokoroState(): ResourceOffer['state'] {
    return this.#kokoro?.loaded ? 'loaded' : 'cold';
  }

  #offer(speaker: Speaker, state: ResourceOffer['state'], ownedBy: string, description: string): ResourceOffer {
    return {
      id: `${this.name}/${speaker.model}`,
      provider: this.name,
      engine: this.engine,
      model: speaker.model,
      modality: 'speech',
      capabilities: [],
      slots: speaker.slots,
      state,
      details: { ownedBy, description, maxInputCharacters: mostInputCharacters, voices: speechVoices },
    };
  }
}
