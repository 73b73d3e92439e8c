import { Agent, type Dispatcher, request } from 'undici';
import { GatewayError } from '../../errors/gateway-error.ts';
import { readLimited, TooLarge } from '../upstream/read-limited.ts';
import { isPrivateLiteral, publicLookup } from './reach.ts';
import type { DocumentKind } from './read-document.ts';

export interface PageFetcherOptions {
  /** Whether pages may be on this machine or its network. Default false. */
  readonly allowPrivateAddresses?: boolean;
  /** For one page, redirects included, milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
  /** Default 5 MiB. */
  readonly mostBytes?: number;
}

export interface FetchedPage {
  readonly bytes: Uint8Array;
  readonly kind: DocumentKind;
  readonly charset: string | undefined;
}

const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** Fetches pages of a list. Whoever makes it closes it. */
export class PageFetcher {
  readonly #agent: Agent;
  readonly #options: Required<PageFetcherOptions>;

  constructor({ allowPrivateAddresses = false, timeoutMs = 15_000, mostBytes = 5 * 1024 * 1024 }: PageFetcherOptions) {
    this.#options = { allowPrivateAddresses, timeoutMs, mostBytes };
    this.#agent = new Agent({ connect: allowPrivateAddresses ? {} : { lookup: publicLookup }, maxHeaderSize: 32_768 });
  }

  /** @throws GatewayError saying why the page cannot be had. */
  async fetch(url: URL, signal: AbortSignal): Promise<FetchedPage> {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeoutMs)]);
    try {
      return await this.#follow(url, stop);
    } catch (error) {
      throw this.#explained(error, signal, stop);
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #follow(url: URL, signal: AbortSignal): Promise<FetchedPage> {
    let current = url;
    for (let turn = 0; turn <= mostRedirects; turn += 1) {
      this.#judge(current);
      const response = await request(current, {
        dispatcher: this.#agent,
        signal,
        headers: { accept: 'text/html, text/*' },
      });
      const location = response.headers['location'];
      if (!redirects.has(response.statusCode) || typeof location !== 'string') return this.#read(response);
      await response.body.dump({ limit: 65_536, signal });
      if (!URL.canParse(location, current.href)) throw failed('it redirects to something that is no address');
      current = new URL(location, current);
    }
    throw failed(`it redirects more than ${mostRedirects} times`);
  }

  #judge(url: URL): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw failed('it is not an http or https address');
    if (!this.#options.allowPrivateAddresses && isPrivateLiteral(url)) throw failed(privateAddress);
  }

  async #read({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<FetchedPage> {
    const [type = '', ...parameters] = String(headers['content-type'] ?? '')
      .toLowerCase()
      .split(';');
    const kind = kinds.get(type.trim());
    if (statusCode !== 200 || !kind) {
      await body.dump({ limit: 65_536 });
      throw failed(
        statusCode === 200 ? `it is ${type.trim() || 'of no kind'}, not text` : `the server answered ${statusCode}`,
      );
    }
    const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='))?.split('=')[1];
    return { bytes: await readLimited(body, this.#options.mostBytes), kind, charset: charset?.replace(/["\s]/g, '') };
  }

  #explained(error: unknown, signal: AbortSignal, stop: AbortSignal): GatewayError {
    if (signal.aborted)
      return GatewayError.is(signal.reason) ? signal.reason : new GatewayError('cancelled', 'Stopped.');
    if (GatewayError.is(error)) return error;
    if (stop.aborted) return failed(`it did not come within ${this.#options.timeoutMs} ms`, error);
    if (error instanceof TooLarge) return failed(`it has more than ${this.#options.mostBytes} bytes`, error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return failed(code === 'EPRIVATE' ? privateAddress : `the connection failed${code ? ` (${code})` : ''}`, error);
  }
}

const privateAddress = 'it is in a private network, which the settings do not allow';

const kinds: ReadonlyMap<string, DocumentKind> = new Map([
  ['text/html', 'html'],
  ['application/xhtml+xml', 'html'],
  ['text/markdown', 'markdown'],
  ['text/plain', 'text'],
]);

function failed(why: string, cause?: unknown): GatewayError {
  return new GatewayError('engine-failed', `The page cannot be had: ${why}.`, { cause });
}
