import { lookup as resolve } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { guardedLookup } from '../network/guarded-lookup.ts';
import { isPrivateAddress, type Reach } from '../network/reach.ts';
import { networkError } from './network-error.ts';
import { redirectRefusal, refusedRedirect } from './redirect-policy.ts';

const maxRedirects = 5;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

export interface RegistryHttpOptions {
  /** Default 10 s. */
  readonly connectTimeoutMs: number;
  /** Longest silence, before the answer and between two pieces of it. Default 30 s. */
  readonly idleTimeoutMs: number;
}

export type RegistryResponse = Dispatcher.ResponseData;

/**
 * GET requests to one registry and to where it redirects. `Authorization` is sent to the registry alone. Call `close` when done.
 */
export class RegistryHttp {
  readonly origin: URL;
  readonly #registryAgent: Agent;
  readonly #options: RegistryHttpOptions;
  #elsewhere: Promise<{ agent: Agent; reach: Reach }> | undefined;

  constructor(origin: URL, options: RegistryHttpOptions) {
    this.origin = origin;
    this.#options = options;
    this.#registryAgent = this.#createAgent();
  }

  /**
   * Follows up to five redirects. The caller consumes the body, or destroys it.
   *
   * @throws GatewayError with `retry: 'here'` when the network failed, `never` when a redirect is not acceptable.
   */
  async get(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<RegistryResponse> {
    let from = this.origin;
    let current = url;
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      const response = await this.#send(from, current, headers, signal);
      const location = response.headers['location'];
      if (!redirectStatuses.has(response.statusCode) || typeof location !== 'string') return response;
      await response.body.dump({ limit: 65_536, signal });
      from = current;
      current = resolveLocation(current, location);
    }
    throw refusedRedirect(`it redirects more than ${maxRedirects} times`);
  }

  async close(): Promise<void> {
    await this.#registryAgent.destroy();
    await (await this.#elsewhere)?.agent.destroy();
  }

  async #send(from: URL, url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<RegistryResponse> {
    const atHome = url.hostname === this.origin.hostname;
    const { agent, reach } = atHome
      ? { agent: this.#registryAgent, reach: 'local' as const }
      : await this.#reachElsewhere();
    const refusal = redirectRefusal(from, url, reach);
    if (refusal) throw refusedRedirect(refusal);
    const { authorization, ...others } = headers;
    const sent = url.origin === this.origin.origin && authorization ? { ...others, authorization } : others;
    try {
      return await request(url.href, { dispatcher: agent, headers: sent, signal });
    } catch (error) {
      throw networkError(error, signal);
    }
  }

  #reachElsewhere(): Promise<{ agent: Agent; reach: Reach }> {
    this.#elsewhere ??= reachOf(this.origin).then((reach) => ({
      reach,
      agent: this.#createAgent(guardedLookup(reach, () => refusedRedirect('it leads into a private network'))),
    }));
    return this.#elsewhere;
  }

  #createAgent(lookupFunction?: LookupFunction): Agent {
    const { connectTimeoutMs, idleTimeoutMs } = this.#options;
    return new Agent({
      connect: { timeout: connectTimeoutMs, ...(lookupFunction ? { lookup: lookupFunction } : {}) },
      headersTimeout: idleTimeoutMs,
      bodyTimeout: idleTimeoutMs,
      maxHeaderSize: 32_768,
    });
  }
}

/** An operator's registry in a private network may keep its blobs beside it; one on the internet may not point inside. */
async function reachOf(origin: URL): Promise<Reach> {
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) ? [{ address: host }] : await resolve(host, { all: true }).catch(() => []);
  return addresses.some(({ address }) => isPrivateAddress(address)) ? 'local' : 'public';
}

function resolveLocation(from: URL, location: string): URL {
  if (location.length > 16_384 || !URL.canParse(location, from.href)) throw refusedRedirect('its address is not a URL');
  return new URL(location, from);
}
