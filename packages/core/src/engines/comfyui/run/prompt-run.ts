import { GatewayError } from '../../../errors/gateway-error.ts';
import type { ComfyServer } from '../server/comfy-server.ts';
import type { ComfyEvent, EventSocket } from '../server/event-socket.ts';
import type { OutputFile } from '../server/prompt-state.ts';
import type { ComfySettings } from '../settings.ts';
import { fillGraph } from '../template/placeholders.ts';
import type { Drawing, Template } from '../template/template.ts';
import { whyNotPromised } from './check-output.ts';
import { ProgressMeter } from './progress-meter.ts';
import { secondId } from './second-id.ts';
import { Wake } from './wake.ts';

/** What is to be made, and the names it has at ComfyUI. Plain JSON. */
export interface Order {
  readonly promptId: string;
  readonly clientId: string;
  readonly model: string;
  readonly drawing: Drawing;
}

export interface RunParts {
  readonly server: ComfyServer;
  readonly settings: ComfySettings;
  /** Milliseconds, for silence. Default `performance.now`. */
  readonly now?: () => number;
}

/** Why a run was given up without stopping the work at ComfyUI: somebody will ask for it again. */
export const leftRunning = new GatewayError('cancelled', 'Nobody asks about this work any more.');

const largestResultBytes = 256 * 1024 * 1024;
const longestDelayMs = 10_000;

/**
 * One prompt from ComfyUI's queue to a checked result.
 *
 * ```
 * submit ──► waiting ──► running ──► succeeded ──► fetched ──► checked (fetched once more where it is broken)
 *    ▲          └──────────┴──► unknown: ComfyUI lost it ──► submitted again, once
 *    └─ or finish alone, for a prompt that an earlier process submitted
 * ```
 *
 * Its WebSocket tells progress and when to look; looking is what decides.
 */
export class PromptRun {
  readonly #parts: RunParts;
  readonly #template: Template;
  readonly #meter: ProgressMeter;
  readonly #wake = new Wake();
  readonly #now: () => number;
  #order: Order;
  /** The id to look for now. */
  #id: string;
  #isSecond = false;
  #isOver = false;
  #final: GatewayError | undefined;
  #socket: EventSocket | undefined;
  #heardMs = 0;
  #onProgress: ((part: number) => void) | undefined;

  constructor(parts: RunParts, order: Order, template: Template) {
    this.#parts = parts;
    this.#order = order;
    this.#id = order.promptId;
    this.#template = template;
    this.#meter = new ProgressMeter(template);
    this.#now = parts.now ?? (() => performance.now());
  }

  /** 0 to 0.99. */
  get progress(): number {
    return this.#meter.part;
  }

  /** Queues it, and tells the order as ComfyUI knows it. What fails is not left behind there. */
  async submit(signal: AbortSignal): Promise<Order> {
    try {
      // The events of a quick prompt are over before a socket that opens later.
      await this.#listen().tried;
      signal.throwIfAborted();
      this.#id = await this.#submit(this.#id, signal);
    } catch (error) {
      this.#socket?.close();
      await this.#parts.server.cancel([this.#id]);
      throw reasonOf(error, signal);
    }
    this.#order = { ...this.#order, promptId: this.#id };
    return this.#order;
  }

  /**
   * Waits for the result, fetches and checks it. Where `signal` aborts, or a deadline passes, the work is stopped at ComfyUI too,
   * unless the reason is `leftRunning`.
   *
   * @param onProgress told each part that is more than the last, below 1
   * @throws GatewayError
   */
  async finish(signal: AbortSignal, onProgress?: (part: number) => void): Promise<Buffer> {
    const { server, settings } = this.#parts;
    const { totalMs } = settings.deadlines;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(server.tooLate(`did not finish within ${totalMs} ms`)), totalMs);
    const stop = AbortSignal.any([signal, late.signal, server.closed]);
    this.#onProgress = (part) => stop.aborted || onProgress?.(part);
    try {
      this.#listen();
      return await this.#fetch(await this.#result(stop), stop);
    } catch (error) {
      if (!this.#isOver && signal.reason !== leftRunning) await server.cancel([this.#order.promptId, this.#id]);
      throw reasonOf(error, stop);
    } finally {
      clearTimeout(timer);
      this.#socket?.close();
    }
  }

  #listen(): EventSocket {
    this.#heardMs = this.#now();
    this.#socket ??= this.#parts.server.listen(this.#order.clientId, (event) => this.#hear(event));
    return this.#socket;
  }

  #hear(event: ComfyEvent): void {
    const { type, data } = event;
    if (!/^(execut|progress)/.test(type)) return;
    // The greeting after a reconnect has no id; the client id is this prompt's alone.
    if (data['prompt_id'] !== undefined && data['prompt_id'] !== this.#id) return;
    this.#heardMs = this.#now();
    const part = this.#meter.hear(event);
    if (part !== undefined) this.#onProgress?.(part);
    const isEnd =
      /^execution_(success|error|interrupted)$/.test(type) || (type === 'executing' && data['node'] === null);
    if (isEnd) this.#wake.ring();
  }

  async #submit(promptId: string, signal: AbortSignal): Promise<string> {
    const { clientId, drawing } = this.#order;
    return this.#parts.server.submit({ graph: fillGraph(this.#template.graph, drawing), promptId, clientId }, signal);
  }

  /** The file, once there is one. */
  async #result(signal: AbortSignal): Promise<OutputFile> {
    for (;;) {
      const file = await this.#patiently(() => this.#look(signal), signal);
      if (file) return file;
      this.#checkSilence();
      await this.#wake.wait(this.#parts.settings.pollMs, signal);
    }
  }

  /** Asks again while the server cannot be asked, as when it restarts, until that is silence. */
  async #patiently<Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
    for (let delayMs = this.#parts.settings.pollMs; ; delayMs = Math.min(2 * delayMs, longestDelayMs)) {
      signal.throwIfAborted();
      try {
        return await ask();
      } catch (error) {
        if (signal.aborted || error === this.#final || !mayPass(error) || this.#isSilent()) throw error;
        await this.#wake.wait(delayMs, signal);
      }
    }
  }

  async #look(signal: AbortSignal): Promise<OutputFile | undefined> {
    const { server } = this.#parts;
    const found = await server.find(this.#id, signal);
    if (found.state === 'unknown') {
      await this.#again(signal);
      return undefined;
    }
    if (found.state === 'failed') throw this.#over(server.failure(found.failure));
    if (found.state === 'succeeded') return this.#firstOf(found.filesOf(this.#template.outputNode));
    // While the socket is cut, a running prompt cannot show progress: that it runs must do.
    if (found.state === 'waiting' || !this.#socket?.isOpen) this.#heardMs = this.#now();
    return undefined;
  }

  #firstOf([file]: readonly OutputFile[]): OutputFile {
    this.#isOver = true;
    this.#heardMs = this.#now();
    if (file) return file;
    throw this.#over(this.#parts.server.failed('ran the workflow but saved nothing'));
  }

  /** An error after which there is nothing left to ask for or to stop. */
  #over(error: GatewayError): GatewayError {
    this.#isOver = true;
    this.#final = error;
    return error;
  }

  /** Goes over to the second try: the one an earlier process made, or a new one. */
  async #again(signal: AbortSignal): Promise<void> {
    const { server, settings } = this.#parts;
    if (this.#isSecond) throw this.#over(server.failed('lost this work twice'));
    const second = secondId(this.#order.promptId);
    const made = await server.find(second, signal);
    // Set before it is submitted: its first events may be quicker than the answer.
    this.#id = second;
    if (made.state === 'unknown') this.#id = await this.#submit(second, signal);
    this.#isSecond = true;
    this.#heardMs = this.#now();
    // Nothing to sleep for: the next look follows at once.
    this.#wake.ring();
    const { name } = settings;
    settings.log.warn(
      { provider: name, promptId: this.#id },
      `Provider ${name} lost a prompt, which was submitted again.`,
    );
  }

  #checkSilence(): void {
    const { server, settings } = this.#parts;
    if (this.#isSilent()) throw server.tooLate(`showed no progress within ${settings.deadlines.silenceMs} ms`);
  }

  #isSilent(): boolean {
    return this.#now() - this.#heardMs > this.#parts.settings.deadlines.silenceMs;
  }

  async #fetch(file: OutputFile, signal: AbortSignal): Promise<Buffer> {
    const { width, height } = this.#order.drawing;
    const promised = { modality: this.#template.modality, width, height };
    const view = () => this.#parts.server.view(file, largestResultBytes, signal);
    const bytes = await this.#patiently(view, signal);
    if ((await whyNotPromised(bytes, promised)) === undefined) return bytes;
    // Rendering again would cost minutes, fetching again does not.
    const again = await this.#patiently(view, signal);
    const wrong = await whyNotPromised(again, promised);
    if (wrong === undefined) return again;
    throw this.#parts.server.failed(wrong);
  }
}

/** Failures of the connection and of a server that is starting; refusals are not among them. */
function mayPass(error: unknown): boolean {
  if (!GatewayError.is(error) || error.retry !== 'elsewhere') return false;
  const { upstreamStatus: status } = error.data;
  return status === undefined || status === 429 || status >= 500;
}

/** What an abort was for, in our words; any other error is one already. */
function reasonOf(error: unknown, signal: AbortSignal): GatewayError {
  const reason: unknown = signal.aborted ? signal.reason : error;
  if (GatewayError.is(reason)) return reason;
  if (!signal.aborted) return GatewayError.from(reason);
  return new GatewayError('cancelled', 'The work was stopped before it was done.', { cause: reason });
}
