import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeModel {
  readonly weights: Buffer;
  readonly projector?: Buffer;
  readonly template?: string;
  readonly license?: string;
  readonly params?: object;
  readonly config?: object;
}

/** Answers a blob request in place of the registry; returns false to let it answer as usual. */
export type BlobFault = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => boolean;

/**
 * A registry on this machine, written from the protocol: manifests by tag, blobs by digest with ranges, and on demand redirects to
 * another server, tokens, and connections that are cut. Close it with `close`.
 */
export class FakeRegistry {
  readonly manifests = new Map<string, string>();
  readonly blobs = new Map<string, Buffer>();
  /** Every request as `GET path range`. */
  readonly requests: {
    path: string;
    range: string | undefined;
    authorization: string | undefined;
    userAgent: string | undefined;
  }[] = [];
  /** Blob answers are cut after so many bytes, one entry an answer. */
  cuts: number[] = [];
  servesRanges = true;
  redirectBlobsTo: string | undefined;
  /** Tokens that are accepted; none: no token is needed. */
  tokens: string[] = [];
  blobFault: BlobFault = () => false;
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** @param name e.g. `library/tadpole:latest` */
  addModel(name: string, model: FakeModel): void {
    const layers = [this.#layer('model', model.weights)];
    if (model.projector) layers.push(this.#layer('projector', model.projector));
    if (model.template) layers.push(this.#layer('template', Buffer.from(model.template)));
    if (model.license) layers.push(this.#layer('license', Buffer.from(model.license)));
    if (model.params) layers.push(this.#layer('params', Buffer.from(JSON.stringify(model.params))));
    const config = this.addBlob(
      Buffer.from(JSON.stringify(model.config ?? {})),
      'application/vnd.docker.container.image.v1+json',
    );
    this.manifests.set(name, JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config, layers }));
  }

  addBlob(bytes: Buffer, mediaType: string): { mediaType: string; digest: string; size: number } {
    const digest = digestOf(bytes);
    this.blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  /** Ranges asked of one blob, in order. */
  rangesOf(digest: string): (string | undefined)[] {
    return this.requests.filter(({ path }) => path.endsWith(digest)).map(({ range }) => range);
  }

  #layer(role: string, bytes: Buffer): { mediaType: string; digest: string; size: number } {
    return this.addBlob(bytes, `application/vnd.ollama.image.${role}`);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', this.url);
    const { range, authorization, 'user-agent': userAgent } = request.headers;
    this.requests.push({ path: pathname, range, authorization, userAgent });
    if (pathname === '/token') return void response.end(JSON.stringify({ token: this.tokens.at(-1) }));
    if (this.tokens.length > 0 && authorization !== `Bearer ${this.tokens.at(-1)}`)
      return void this.#askForToken(response);
    const manifest = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(pathname);
    if (manifest) return void this.#answerManifest(`${manifest[1]}:${manifest[2]}`, response);
    const bytes = this.blobs.get(pathname.split('/').at(-1) ?? '');
    if (!bytes) return void notFound(response, 'blob unknown');
    if (this.redirectBlobsTo !== undefined) {
      return void response
        .writeHead(307, { location: this.redirectBlobsTo + pathname })
        .end('<a href="…">Temporary Redirect</a>');
    }
    if (!this.blobFault(request, response, bytes)) this.#answerBlob(request, response, bytes);
  }

  #askForToken(response: ServerResponse): void {
    const challenge = `Bearer realm="${this.url}/token",service="fake",scope="repository:library/tadpole:pull"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
  }

  #answerManifest(name: string, response: ServerResponse): void {
    const manifest = this.manifests.get(name);
    if (manifest === undefined) return void notFound(response, 'manifest unknown');
    response.writeHead(200, { 'content-type': manifestType }).end(manifest);
  }

  #answerBlob(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
    const range = this.servesRanges ? /^bytes=(\d+)-$/.exec(request.headers.range ?? '') : null;
    const start = Number(range?.[1] ?? 0);
    const rest = bytes.subarray(start);
    response.writeHead(range ? 206 : 200, {
      'content-length': rest.length,
      ...(range ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    const cut = rest.length > 64 * 1024 ? this.cuts.shift() : undefined;
    if (cut === undefined) return void response.end(rest);
    response.write(rest.subarray(0, cut), () => response.destroy());
  }
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Bytes that begin as a GGUF file does and are otherwise unlike any other with another seed. */
export function fakeWeights(size: number, seed = 'a'): Buffer {
  const bytes = Buffer.alloc(size);
  for (let offset = 0; offset < size; offset += 32)
    createHash('sha256')
      .update(seed + offset)
      .digest()
      .copy(bytes, offset);
  bytes.write('GGUF');
  return bytes;
}

function notFound(response: ServerResponse, message: string): void {
  response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ errors: [{ message }] }));
}
