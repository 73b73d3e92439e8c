import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { prepareCanned, sendCanned } from './canned.ts';
import { ComfyServer } from './comfyui/comfy-server.ts';
import type { ModelFiles } from './comfyui/node-classes.ts';
import { type Faults, parseFaults } from './faults/fault.ts';
import { drawFaults, type FaultRule, rulesFor, splitModelName } from './faults/fault-plan.ts';
import { refuseUpgrade } from './faults/refuse-upgrade.ts';
import type { FakeModel } from './models.ts';
import { type FakeUpstreamOptions, type Settings, withDefaults } from './options.ts';
import { createRandom } from './random.ts';
import { readBody } from './read-body.ts';
import { Refusal, type Reply, refusalReply } from './reply.ts';
import { isWork, type RoutedRequest, route } from './routes/route.ts';
import { Videos } from './routes/videos.ts';
import { type SeenRequest, SeenRequests } from './seen-request.ts';
import { sendReply } from './send-reply.ts';

/** A running fake. Whoever starts it closes it. */
export interface FakeUpstream extends AsyncDisposable {
  /** For example `http://127.0.0.1:40123`; OpenAI's API is below `/v1`. */
  readonly url: string;
  readonly port: number;
  /** The last requests, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** How many requests it is working on now. */
  readonly activeRequests: number;
  /** Offers other models from now on. */
  setModels(models: readonly FakeModel[]): void;
  /** Strikes the work with other faults from now on. */
  setFaults(faults: readonly FaultRule[]): void;
  /** Gives its ComfyUI other model files from now on. */
  setModelFiles(files: ModelFiles): void;
  /** The client ids of ComfyUI's open WebSockets. */
  readonly comfySockets: readonly string[];
  /** As if ComfyUI had died and come back: queue and history are gone and every connection is cut. Its files stay. */
  restartComfy(): void;
  /** Cuts every connection and frees the port; safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts an OpenAI-compatible upstream on its own port.
 *
 * @example
 * await using upstream = await startFakeUpstream({ slots: 2 });
 * await fetch(`${upstream.url}/v1/models`);
 */
export async function startFakeUpstream(options: FakeUpstreamOptions = {}): Promise<FakeUpstream> {
  const fake = new RunningFake(withDefaults(options));
  await fake.listen();
  return fake;
}

interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** An error when it cannot be read. */
  readonly body: Record<string, unknown> | Error;
}

class RunningFake implements FakeUpstream {
  #models: readonly FakeModel[];
  #faults: readonly FaultRule[];
  #activeRequests = 0;
  #port = 0;
  readonly #settings: Settings;
  readonly #seen: SeenRequests;
  readonly #videos: Videos;
  readonly #comfy: ComfyServer;
  readonly #upgraded = new Set<Duplex>();
  readonly #random;
  readonly #canned;
  readonly #server = createServer((request, response) => void this.#handle(request, response));

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#models = settings.models;
    this.#faults = settings.faults;
    this.#seen = new SeenRequests(settings.keepRequests);
    this.#videos = new Videos(settings.renderMs);
    this.#comfy = new ComfyServer(settings.renderMs, settings.modelFiles);
    this.#random = createRandom(settings.seed);
    this.#canned = settings.cannedTokens === undefined ? undefined : prepareCanned(settings.cannedTokens);
  }

  async listen(): Promise<void> {
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.listen(this.#settings.port, this.#settings.host);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    const { host } = this.#settings;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  get requests(): readonly SeenRequest[] {
    return this.#seen.all;
  }

  get activeRequests(): number {
    return this.#activeRequests;
  }

  setModels(models: readonly FakeModel[]): void {
    this.#models = models;
  }

  setFaults(faults: readonly FaultRule[]): void {
    this.#faults = faults;
  }

  setModelFiles(files: ModelFiles): void {
    this.#comfy.setModelFiles(files);
  }

  get comfySockets(): readonly string[] {
    return this.#comfy.sockets.clientIds;
  }

  restartComfy(): void {
    this.#comfy.restart();
    this.#server.closeAllConnections();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#comfy.restart();
    this.#server.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
    await once(this.#server, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that leaves while its answer is written is no failure of ours.
    response.on('error', () => undefined);
    const { pathname: path, searchParams: query } = new URL(`http://fake${request.url ?? '/'}`);
    const method = request.method ?? 'GET';
    if (this.#canned && method === 'POST' && path === '/v1/chat/completions')
      return sendCanned(request, response, this.#canned);
    const body = await readBody(request).catch((error: Error) => error);
    const seen = this.#record(request, { method, path, query, body });
    const left = new AbortController();
    response.on('close', () => {
      if (seen.outcome === 'running') seen.outcome = response.writableFinished ? 'answered' : 'client-left';
      left.abort();
    });
    await this.#answer(request, response, { method, path, query, body }, left.signal);
    if (seen.outcome === 'running' && !response.writableEnded) seen.outcome = 'cut';
  }

  /** Only ComfyUI has a WebSocket; it meets the faults that name its path. */
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined);
    this.#upgraded.add(socket.on('close', () => this.#upgraded.delete(socket)));
    const { pathname } = new URL(`http://fake${request.url ?? '/'}`);
    const faults = drawFaults(rulesFor(this.#faults, pathname, false), this.#random);
    const known = this.#settings.comfyui && pathname === '/ws' && this.#isKeyRight(request);
    if (refuseUpgrade(socket, known ? faults : { status: 404 })) return;
    this.#comfy.sockets.accept(request, socket, head, (clientId) => this.#comfy.greet(clientId));
  }

  #record({ headers, socket }: IncomingMessage, { method, path, body }: ReceivedRequest): SeenRequest {
    const parsed = body instanceof Error ? undefined : body;
    const seen: SeenRequest = {
      method,
      path,
      headers,
      clientPort: socket.remotePort,
      body: parsed,
      outcome: 'running',
    };
    this.#seen.add(seen);
    return seen;
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    received: ReceivedRequest,
    signal: AbortSignal,
  ): Promise<void> {
    const working = isWork(received);
    if (working) this.#activeRequests++;
    try {
      const { reply, faults } = await this.#decide(request, received);
      await sendReply(response, reply, { faults, pace: this.#settings, signal });
    } finally {
      if (working) this.#activeRequests--;
    }
  }

  /** The answer, and what shall go wrong with it. */
  async #decide(
    request: IncomingMessage,
    { method, path, query, body }: ReceivedRequest,
  ): Promise<{ reply: Reply; faults: Faults }> {
    let faults: Faults = {};
    try {
      if (body instanceof Error) throw body;
      this.#checkKey(request);
      if (isWork({ method, path }) && this.#activeRequests > this.#settings.slots)
        throw new Refusal(429, 'All slots are busy');
      const drawn = this.#drawFaults(request, { method, path, query, body, faults });
      faults = drawn.faults;
      const { ollama, comfyui } = this.#settings;
      const comfy = comfyui ? this.#comfy : undefined;
      const surroundings = { models: this.#models, ollama, videos: this.#videos, comfy };
      return { reply: await route(drawn.request, surroundings), faults };
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(500, `The fake upstream failed: ${String(error)}`);
      return { reply: refusalReply(refusal), faults };
    }
  }

  #checkKey(request: IncomingMessage): void {
    if (!this.#isKeyRight(request)) throw new Refusal(401, 'Incorrect API key provided', { code: 'invalid_api_key' });
  }

  #isKeyRight({ headers }: IncomingMessage): boolean {
    const { apiKey } = this.#settings;
    return apiKey === undefined || headers.authorization === `Bearer ${apiKey}`;
  }

  /** Joins the faults asked for by the flags, the model's name and the header; the later win. */
  #drawFaults({ headers }: IncomingMessage, request: RoutedRequest): { faults: Faults; request: RoutedRequest } {
    const drawn = drawFaults(rulesFor(this.#faults, request.path, isWork(request)), this.#random);
    const { model } = request.body;
    try {
      const named = splitModelName(typeof model === 'string' ? model : '');
      const asked = parseFaults(String(headers['x-fake-fault'] ?? ''));
      const faults = { ...drawn, ...named.faults, ...asked };
      const body = typeof model === 'string' ? { ...request.body, model: named.model } : request.body;
      return { faults, request: { ...request, body, faults } };
    } catch (error) {
      throw new Refusal(400, error instanceof Error ? error.message : String(error), { param: 'x-fake-fault' });
    }
  }
}
