import { GatewayError } from '../../../errors/gateway-error.ts';
import type { ComfySettings } from '../settings.ts';
import type { Graph } from '../template/template.ts';
import { ComfyHttp } from './comfy-http.ts';
import { type ComfyEvent, EventSocket } from './event-socket.ts';
import { type OutputFile, type PromptFailure, type PromptState, readHistory, readQueue } from './prompt-state.ts';
import { refusedGraph } from './refused-graph.ts';

export interface PromptSubmission {
  readonly graph: Graph;
  /** The id we would like; older ComfyUIs choose their own. */
  readonly promptId: string;
  readonly clientId: string;
}

const mebibyte = 1024 * 1024;
const cancelPatienceMs = 2_000;

/** One ComfyUI server, in the words of its API. Whoever makes it closes it. */
export class ComfyServer {
  readonly #settings: ComfySettings;
  readonly #http: ComfyHttp;
  readonly #closed = new AbortController();

  constructor(settings: ComfySettings) {
    this.#settings = settings;
    this.#http = new ComfyHttp(settings);
  }

  /** Aborted when this is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** What `/object_info` says about a node class; undefined where it is not installed. */
  async describeClass(name: string, deadlineMs: number): Promise<unknown> {
    const path = `/object_info/${encodeURIComponent(name)}`;
    const question = { method: 'GET', path, signal: this.closed, limitBytes: 8 * mebibyte, deadlineMs } as const;
    return (await this.#http.askObject(question))[name];
  }

  /** Queues a graph and tells the prompt's id. */
  async submit({ graph, promptId, clientId }: PromptSubmission, signal: AbortSignal): Promise<string> {
    const json = { prompt: graph, client_id: clientId, prompt_id: promptId };
    const answer = await this.#http.ask({ method: 'POST', path: '/prompt', json, signal, limitBytes: mebibyte });
    const told = this.#http.readObject(answer);
    if (answer.status !== 200) throw this.#refusal(told);
    const { prompt_id: id } = told;
    if (typeof id !== 'string' || id === '') throw this.failed('accepted a workflow without giving it an id');
    return id;
  }

  /** Where a prompt stands. */
  async find(id: string, signal: AbortSignal): Promise<PromptState> {
    // From the queue to the history in one moment, which may pass between both questions: the history is asked again.
    return (
      (await this.#findPast(id, signal)) ??
      (await this.#findQueued(id, signal)) ??
      (await this.#findPast(id, signal)) ?? { state: 'unknown' }
    );
  }

  /** The bytes of a file. */
  async view(file: OutputFile, limitBytes: number, signal: AbortSignal): Promise<Buffer> {
    const path = `/view?${new URLSearchParams({ ...file })}`;
    const deadlineMs = this.#settings.deadlines.silenceMs;
    const answer = await this.#http.ask({ method: 'GET', path, signal, limitBytes, deadlineMs });
    if (answer.status !== 200) throw this.failed('does not give out the file it made');
    return answer.bytes;
  }

  /** Takes prompts out of the queue, and interrupts one that runs: never anybody else's. Never throws. */
  async cancel(ids: readonly string[]): Promise<void> {
    const signal = AbortSignal.any([this.closed, AbortSignal.timeout(cancelPatienceMs)]);
    const post = (path: string, json: object) =>
      this.#http.ask({ method: 'POST', path, json, signal, limitBytes: mebibyte });
    try {
      await post('/queue', { delete: ids });
      for (const id of ids) {
        // Older ComfyUIs interrupt whatever runs, newer ones only what is named: so it is asked for and named.
        if ((await this.#findQueued(id, signal))?.state === 'running') await post('/interrupt', { prompt_id: id });
      }
    } catch (error) {
      const { name, log } = this.#settings;
      if (!this.closed.aborted)
        log.warn({ provider: name, error }, `Provider ${name} could not be told to stop its work.`);
    }
  }

  /** Opens a WebSocket on which the prompts of this client are heard. Whoever opens it closes it. */
  listen(clientId: string, onEvent: (event: ComfyEvent) => void): EventSocket {
    const { origin, basePath, headers, deadlines } = this.#settings;
    const url = `${origin.replace(/^http/, 'ws')}${basePath}/ws?clientId=${encodeURIComponent(clientId)}`;
    return new EventSocket({ url, headers, dispatcher: this.#http.pool, connectMs: deadlines.connectMs, onEvent });
  }

  /** The error for something it did, for another to try. */
  failed(what: string): GatewayError {
    return this.#http.failed('engine-failed', what);
  }

  /** The error for work that went silent or took too long. */
  tooLate(what: string): GatewayError {
    return this.#http.failed('engine-timeout', what);
  }

  /** The error for a prompt that ended badly. */
  failure({ kind, words }: PromptFailure): GatewayError {
    const because = words === '' ? 'without saying why' : `because of ${this.#settings.redact(words)}`;
    if (kind === 'interrupted') return this.failed('was told by somebody else to stop this work');
    if (kind === 'out-of-memory')
      return this.#http.failed('no-capacity', `has no memory for this now: ${this.#settings.redact(words)}`);
    return this.failed(`failed at the workflow, ${because}`);
  }

  /** Cuts what still runs. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#http.pool.destroy();
  }

  /** The workflow is the operator's, so that a refusal of it is no mistake of the caller. */
  #refusal(told: Readonly<Record<string, unknown>>): GatewayError {
    const { name, redact } = this.#settings;
    const message = `Provider ${name} refused the workflow: ${redact(refusedGraph(told))}.`;
    return new GatewayError('engine-failed', message, { retry: 'elsewhere', upstreamStatus: 400 });
  }

  async #findPast(id: string, signal: AbortSignal): Promise<PromptState | undefined> {
    const path = `/history/${encodeURIComponent(id)}`;
    const entry = (await this.#http.askObject({ method: 'GET', path, signal, limitBytes: 16 * mebibyte }))[id];
    return typeof entry === 'object' && entry !== null ? readHistory(entry) : undefined;
  }

  async #findQueued(id: string, signal: AbortSignal): Promise<PromptState | undefined> {
    return readQueue(
      await this.#http.askObject({ method: 'GET', path: '/queue', signal, limitBytes: 64 * mebibyte }),
      id,
    );
  }
}
