import { isDeepStrictEqual } from 'node:util';
import type { ResourceOffer } from '../../../catalog/resource-offer.ts';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { OpenAISettings } from '../settings.ts';
import { askJson } from '../upstream/ask-json.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { listOpenAIModels } from './list-openai-models.ts';
import { makeOffers, type OfferedModels } from './make-offers.ts';
import { OllamaModels } from './ollama-models.ts';

const failuresUntilGone = 2;
const soonMs = 1_000;
const patienceMs = 5_000;
const maxVersionBytes = 64 * 1024;
const nothingOffered: OfferedModels = { offers: [], upstreamNames: new Map(), missing: [] };

/**
 * Keeps the picture of what one upstream offers.
 *
 *   start ──► here ──failure──► doubtful (asked again after 1 s) ──failure──► gone: no offers
 *              ▲  ▲───success──────┘                                           │
 *              └────────────────────────────success────────────────────────────┘
 */
export class ModelWatch {
  readonly #settings: OpenAISettings;
  readonly #upstream: Upstream;
  readonly #ollama: OllamaModels;
  readonly #closed = new AbortController();
  #kind: 'openai' | 'ollama' | undefined;
  #offered = nothingOffered;
  #failures = 0;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #missingLogged = '';

  constructor(settings: OpenAISettings, upstream: Upstream) {
    this.#settings = settings;
    this.#upstream = upstream;
    this.#ollama = new OllamaModels(upstream);
    if (settings.kind !== 'auto') this.#kind = settings.kind;
  }

  /** A fresh array whenever something changed. */
  get offers(): readonly ResourceOffer[] {
    return this.#offered.offers;
  }

  get kind(): 'openai' | 'ollama' {
    return this.#kind ?? 'openai';
  }

  upstreamName(model: string): string {
    return this.#offered.upstreamNames.get(model) ?? this.#settings.models?.get(model)?.upstream ?? model;
  }

  /** Asks the upstream now, and then on. Never throws; calls at the same time share one question. */
  refresh(): Promise<void> {
    this.#running ??= this.#refresh().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** A call could not reach the upstream: look soon instead of at the next turn. */
  suspect(): void {
    if (this.#failures === 0 && !this.#running) this.#schedule(0);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#closed.abort();
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]);
      this.#found(await this.#list(signal));
    } catch (error) {
      this.#failed(error);
    }
    this.#schedule(
      this.#failures > 0 && this.#failures < failuresUntilGone ? soonMs : this.#settings.discoveryIntervalMs,
    );
  }

  async #list(signal: AbortSignal): Promise<OfferedModels> {
    this.#kind ??= (await this.#isOllama(signal)) ? 'ollama' : 'openai';
    const models =
      this.#kind === 'ollama' ? await this.#ollama.list(signal) : await listOpenAIModels(this.#upstream, signal);
    return makeOffers(this.#settings, this.#kind, models);
  }

  /** Ollama answers `/api/version`; a box that answers otherwise is none, one that does not answer leaves it open. */
  async #isOllama(signal: AbortSignal): Promise<boolean> {
    try {
      const answer = await askJson(
        this.#upstream,
        { method: 'GET', path: '/api/version', atRoot: true, signal },
        maxVersionBytes,
      );
      return typeof (answer as { version?: unknown } | null)?.version === 'string';
    } catch (error) {
      if (GatewayError.is(error) && error.cause === undefined) return false;
      throw error;
    }
  }

  #found(offered: OfferedModels): void {
    const { name, log } = this.#settings;
    if (this.#failures >= failuresUntilGone || this.#offered === nothingOffered) {
      log.info(
        { provider: name, models: offered.offers.length },
        `Provider ${name} is here with ${offered.offers.length} models.`,
      );
    }
    this.#failures = 0;
    this.#logMissing(offered.missing);
    if (!isDeepStrictEqual(offered.offers, this.#offered.offers) || this.#offered === nothingOffered)
      this.#offered = offered;
  }

  #failed(error: unknown): void {
    if (this.#closed.signal.aborted) return;
    this.#failures++;
    if (this.#failures !== failuresUntilGone) return;
    const { name, log, kind } = this.#settings;
    log.warn(
      { provider: name, error },
      `Provider ${name} is ${this.#offered === nothingOffered ? 'not there' : 'gone'}: ${GatewayError.from(error).message}`,
    );
    this.#offered = nothingOffered;
    // Something else may live there when it comes back.
    this.#kind = kind === 'auto' ? undefined : kind;
  }

  /** Once per change, not once per refresh. */
  #logMissing(missing: readonly string[]): void {
    const names = missing.join(', ');
    if (names === this.#missingLogged) return;
    this.#missingLogged = names;
    const { name, log } = this.#settings;
    if (names !== '')
      log.warn(
        { provider: name, missing },
        `Provider ${name} is configured with models that it does not list: ${names}`,
      );
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#closed.signal.aborted) return;
    this.#timer = setTimeout(() => void this.refresh(), delayMs);
    this.#timer.unref();
  }
}
