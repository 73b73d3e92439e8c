import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';

/** One line of the hub's listing. */
export interface HubEntry {
  type: string;
  path: string;
  size: number;
  oid: string;
  lfs?: { oid: string; size: number; pointerSize: number };
}

export const commit = '0123456789abcdef0123456789abcdef01234567';

/**
 * One repository, `acme/frog-onnx` unless told otherwise, on a hub on this machine, written from Hugging Face's API: its
 * commit, its tree in pages, and its files, large ones through a redirect and with ranges. Close it with `close`.
 */
export class FakeHub {
  repository = 'acme/frog-onnx';
  readonly files = new Map<string, Buffer>();
  /** Changes the listing before it is sent. */
  editEntry: (entry: HubEntry) => HubEntry = (entry) => entry;
  extraEntries: HubEntry[] = [];
  entriesPerPage = 1000;
  /** Bytes that are sent instead of a file's own. */
  readonly corrupted = new Map<string, Buffer>();
  /** Large answers are cut after so many bytes, one entry an answer. */
  cuts: number[] = [];
  /** Answers every request for a file: status and `X-Error-Code`. */
  refusal: { status: number; code: string } | undefined;
  redirectTo: string | undefined;
  readonly requests: { path: string; range: string | undefined }[] = [];
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  add(files: Readonly<Record<string, Buffer | string>>): this {
    for (const [path, content] of Object.entries(files)) this.files.set(path, Buffer.from(content));
    return this;
  }

  /** Everything in a folder and below. */
  addFolder(folder: string, below = ''): this {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of entries) {
      const path = join(parentPath, name);
      this.files.set(below + relative(folder, path).replaceAll('\\', '/'), readFileSync(path));
    }
    return this;
  }

  /** Ranges asked of one file, in order. */
  rangesOf(path: string): (string | undefined)[] {
    return this.requests.filter((request) => request.path.startsWith(`/cdn/${path}`)).map(({ range }) => range);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    this.requests.push({ path: url.pathname, range: request.headers.range });
    const api = `/api/models/${this.repository}`;
    if (url.pathname === `${api}/revision/main`) return void response.end(JSON.stringify({ sha: commit }));
    const tree = `${api}/tree/${commit}`;
    if (url.pathname.startsWith(tree)) return void this.#list(url, url.pathname.slice(tree.length + 1), response);
    const [resolve, cdn] = [`/${this.repository}/resolve/${commit}/`, '/cdn/'];
    if (url.pathname.startsWith(cdn)) return void this.#send(url.pathname.slice(cdn.length), request, response);
    const path = url.pathname.startsWith(resolve) ? url.pathname.slice(resolve.length) : '';
    if (!this.files.has(path)) return void response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
    if (this.refusal) {
      return void response.writeHead(this.refusal.status, { 'x-error-code': this.refusal.code }).end('{"error":"No"}');
    }
    if (!isLarge(path)) return void this.#send(path, request, response);
    response.writeHead(302, { location: `${this.redirectTo ?? ''}/cdn/${path}?signature=secret` }).end();
  }

  #list(url: URL, below: string, response: ServerResponse): void {
    const paths = [...this.files.keys()].filter((path) => path.startsWith(below));
    const all = [...paths.map((path) => this.#entry(path)), ...this.extraEntries].map(this.editEntry);
    const start = Number(url.searchParams.get('cursor') ?? 0);
    const next = start + this.entriesPerPage;
    if (next < all.length) response.setHeader('link', `<${this.url}${url.pathname}?cursor=${next}>; rel="next"`);
    response.end(JSON.stringify(all.slice(start, next)));
  }

  #entry(path: string): HubEntry {
    const content = this.files.get(path) ?? Buffer.alloc(0);
    const git = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
    const entry: HubEntry = { type: 'file', path, size: content.length, oid: git };
    if (!isLarge(path)) return entry;
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { ...entry, lfs: { oid: sha256, size: content.length, pointerSize: 134 } };
  }

  #send(path: string, request: IncomingMessage, response: ServerResponse): void {
    const content = this.corrupted.get(path) ?? this.files.get(path) ?? Buffer.alloc(0);
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = content.subarray(start);
    const range = start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': rest.length, ...range });
    const cut = rest.length > 64 * 1024 ? this.cuts.shift() : undefined;
    if (cut === undefined) return void response.end(rest);
    response.write(rest.subarray(0, cut), () => response.destroy());
  }
}

const isLarge = (path: string): boolean => /\.(onnx|onnx_data|pb|bin|safetensors)$/.test(path);
