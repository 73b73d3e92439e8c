import { createHash } from 'node:crypto';
import { z } from 'zod';
import { GatewayError } from '../errors/gateway-error.ts';
import { parseBearerChallenge, tokenUrl } from './bearer-challenge.ts';
import { type Layer, type ModelManifest, manifestMediaTypes, readManifest } from './manifest.ts';
import { formatModelName, type RegistryModelName } from './model-name.ts';
import { type BlobStream, blobStream, readAtMost } from './read-response.ts';
import { RegistryHttp, type RegistryHttpOptions, type RegistryResponse } from './registry-http.ts';
import { statusError } from './status-error.ts';

const maxManifestBytes = 4 * 1_048_576;
const maxTokenBytes = 65_536;
const userAgent = 'anura';

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** One model in a registry that speaks Ollama's protocol: Docker's registry API v2 with Ollama's media types. Call `close` when done. */
export class RegistryClient {
  readonly #http: RegistryHttp;
  readonly #name: RegistryModelName;
  readonly #title: string;
  #token: string | undefined;

  constructor(name: RegistryModelName, origin: URL, options: RegistryHttpOptions) {
    this.#name = name;
    this.#title = formatModelName(name);
    this.#http = new RegistryHttp(origin, options);
  }

  async manifest(signal: AbortSignal): Promise<ModelManifest> {
    const response = await this.#get(`manifests/${this.#name.tag}`, { accept: manifestMediaTypes.join(', ') }, signal);
    if (response.statusCode !== 200) throw await statusError(response, this.#title, signal);
    const bytes = await readAtMost(response, maxManifestBytes, signal);
    return readManifest(bytes.toString('utf8'), this.#title);
  }

  /** A small blob as text, its digest checked. */
  async text(layer: Layer, signal: AbortSignal): Promise<string> {
    const response = await this.#get(`blobs/${layer.digest}`, {}, signal);
    if (response.statusCode !== 200) throw await statusError(response, this.#title, signal);
    const bytes = await readAtMost(response, layer.size, signal);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (digest !== layer.digest)
      throw new GatewayError('engine-failed', `A part of ${this.#title} arrived corrupted.`, { retry: 'here' });
    return bytes.toString('utf8');
  }

  /**
   * A large blob from `offset` on. Every call begins at the registry, so a redirect whose signature ran out is replaced.
   *
   * @throws GatewayError `engine-failed` when the size is not the manifest's.
   */
  async blob(layer: Layer, offset: number, signal: AbortSignal): Promise<BlobStream> {
    const range: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const response = await this.#get(`blobs/${layer.digest}`, range, signal);
    if (response.statusCode !== 200 && response.statusCode !== 206)
      throw await statusError(response, this.#title, signal);
    return blobStream(response, { name: this.#title, size: layer.size, offset }, signal);
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  /** Sends the request, and again with a token when the registry asks for one. A token that ran out is replaced the same way. */
  async #get(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<RegistryResponse> {
    const base = this.#http.origin.pathname.replace(/\/$/, '');
    const url = new URL(`${base}/v2/${this.#name.namespace}/${this.#name.model}/${path}`, this.#http.origin);
    const response = await this.#send(url, headers, signal);
    const challenge =
      response.statusCode === 401
        ? parseBearerChallenge(String(response.headers['www-authenticate'] ?? ''))
        : undefined;
    if (!challenge) return response;
    await response.body.dump({ limit: 65_536, signal });
    this.#token = await this.#fetchToken(tokenUrl(challenge), signal);
    return this.#send(url, headers, signal);
  }

  #send(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<RegistryResponse> {
    const authorization: Record<string, string> = this.#token ? { authorization: `Bearer ${this.#token}` } : {};
    return this.#http.get(url, { 'user-agent': userAgent, ...headers, ...authorization }, signal);
  }

  async #fetchToken(url: URL, signal: AbortSignal): Promise<string> {
    const response = await this.#http.get(url, { 'user-agent': userAgent }, signal);
    if (response.statusCode !== 200) throw await statusError(response, this.#title, signal);
    const text = (await readAtMost(response, maxTokenBytes, signal)).toString('utf8');
    const answer = tokenSchema.safeParse(parseJson(text));
    const token = answer.data?.token ?? answer.data?.access_token ?? '';
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new GatewayError('engine-failed', 'The registry’s login gave no usable token.');
    return token;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
