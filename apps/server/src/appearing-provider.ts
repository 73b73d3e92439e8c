import type { Provider } from '@anura/core/engines';

export interface AppearingOptions {
  readonly name: string;
  readonly engine: string;
  /** Looks whether it is there and opens it; undefined when it is not. Must not throw. */
  readonly look: () => Promise<Provider | undefined>;
  /** Time between two looks while it is away, milliseconds. Default 15 s. */
  readonly everyMs?: number;
}

/** After the server's own start, which looking must not hold up. */
const firstLookMs = 200;

const nothing: readonly never[] = [];

/** A provider that may not be there yet, such as an Ollama nobody has started: it is looked for until it appears, then kept. */
export class AppearingProvider implements Provider {
  readonly name: string;
  readonly engine: string;
  readonly #look: AppearingOptions['look'];
  readonly #timer: NodeJS.Timeout;
  readonly #firstLook: NodeJS.Timeout;
  #looking: Promise<void> | undefined;
  #found: Provider | undefined;
  #closed = false;

  private constructor({ name, engine, look, everyMs = 15_000 }: AppearingOptions) {
    this.name = name;
    this.engine = engine;
    this.#look = look;
    this.#timer = setInterval(() => void this.#lookAgain(), everyMs);
    this.#timer.unref();
    this.#firstLook = setTimeout(() => void this.#lookAgain(), firstLookMs);
    this.#firstLook.unref();
  }

  /** Begins to look; what is there already appears in a moment. */
  static open(options: AppearingOptions): AppearingProvider {
    const provider = new AppearingProvider(options);
    return provider;
  }

  get chat() {
    return this.#found?.chat;
  }

  get embeddings() {
    return this.#found?.embeddings;
  }

  get images() {
    return this.#found?.images;
  }

  get speech() {
    return this.#found?.speech;
  }

  get videos() {
    return this.#found?.videos;
  }

  offers(): ReturnType<Provider['offers']> {
    return this.#found?.offers() ?? nothing;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#firstLook);
    await this.#looking;
    await this.#found?.close();
  }

  #lookAgain(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    if (this.#closed) return;
    const found = await this.#look();
    if (!found) return;
    clearInterval(this.#timer);
    this.#found = found;
  }
}
