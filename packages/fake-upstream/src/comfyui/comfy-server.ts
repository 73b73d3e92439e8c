import { once } from 'node:events';
import type { Faults } from '../faults/fault.ts';
import { checkGraph, type GraphRefusal } from './check-graph.ts';
import { type ComfyJob, type HistoryEntry, queueEntry } from './comfy-job.ts';
import { type ComfyEvent, EventSockets } from './event-sockets.ts';
import type { Graph } from './graph.ts';
import { type ModelFiles, type NodeClass, nodeClasses } from './node-classes.ts';
import { type NodeOutput, OutputFiles } from './output-files.ts';
import { type NodeCache, runGraph } from './run-graph.ts';

export interface Submission {
  readonly graph: unknown;
  /** Chosen by the client, as newer ComfyUIs allow. */
  readonly promptId: string | undefined;
  readonly clientId: string | undefined;
  readonly faults: Faults;
}

const interrupted = new Error('interrupted');
const restarted = new Error('restarted');

/**
 * ComfyUI's queue: one prompt runs at a time, its client hears how it goes, the history keeps how it ended.
 *
 * ```
 * submit ──► pending ──► running ──► history
 *              │ delete     │ interrupt ──► history, with an error
 *              ▼            ▼ restart: pending, running and history are gone; files stay
 * ```
 */
export class ComfyServer {
  readonly sockets = new EventSockets();
  readonly files = new OutputFiles();
  readonly #renderMs: number;
  readonly #history = new Map<string, HistoryEntry>();
  readonly #cache: NodeCache = new Map();
  #classes: Readonly<Record<string, NodeClass>>;
  #pending: ComfyJob[] = [];
  #running: ComfyJob | undefined;
  #runningNode: unknown;
  #submitted = 0;

  constructor(renderMs: number, files: ModelFiles) {
    this.#renderMs = renderMs;
    this.#classes = nodeClasses(files);
  }

  get classes(): Readonly<Record<string, NodeClass>> {
    return this.#classes;
  }

  get history(): ReadonlyMap<string, HistoryEntry> {
    return this.#history;
  }

  get running(): readonly ComfyJob[] {
    return this.#running && this.#running.stop.signal.reason !== restarted ? [this.#running] : [];
  }

  get pending(): readonly ComfyJob[] {
    return this.#pending;
  }

  /** Puts other model files on the disk. */
  setModelFiles(files: ModelFiles): void {
    this.#classes = nodeClasses(files);
  }

  /** Accepts a graph, or says what is wrong with it. */
  submit({ graph, promptId, clientId, faults }: Submission): ComfyJob | GraphRefusal {
    const refusal = checkGraph(graph, this.#classes);
    if (refusal) return refusal;
    const accepted = graph as Graph;
    const job: ComfyJob = {
      id: promptId ?? crypto.randomUUID(),
      number: this.#submitted++,
      graph: accepted,
      clientId,
      outputs: Object.keys(accepted).filter((id) => this.#classes[accepted[id]?.class_type ?? '']?.isOutput),
      faults,
      stop: new AbortController(),
    };
    this.#pending.push(job);
    this.sockets.send(this.#status());
    if (!this.#running) void this.#workOff();
    return job;
  }

  /** Takes prompts that wait out of the queue. */
  remove(ids: readonly unknown[]): void {
    this.#pending = this.#pending.filter(({ id }) => !ids.includes(id));
    this.sockets.send(this.#status());
  }

  /** Stops what runs; where an id is given, only if it is that. */
  interrupt(id?: unknown): void {
    if (id === undefined || this.#running?.id === id) this.#running?.stop.abort(interrupted);
  }

  /** As if the process had died and come back: its jobs are gone and its sockets cut. */
  restart(): void {
    this.#pending = [];
    this.#running?.stop.abort(restarted);
    this.#history.clear();
    this.#cache.clear();
    this.sockets.drop();
  }

  /** What a new socket of this client hears first. */
  greet(clientId: string): readonly ComfyEvent[] {
    const status = this.#status();
    const first = { ...status, data: { ...status.data, sid: clientId } };
    if (this.#running?.clientId !== clientId || this.#runningNode === undefined) return [first];
    return [first, { type: 'executing', data: { node: this.#runningNode } }];
  }

  #status(): ComfyEvent {
    const remaining = this.pending.length + this.running.length;
    return { type: 'status', data: { status: { exec_info: { queue_remaining: remaining } } } };
  }

  async #workOff(): Promise<void> {
    for (let job = this.#pending.shift(); job; job = this.#pending.shift()) {
      this.#running = job;
      this.sockets.send(this.#status());
      const entry = await this.#run(job);
      this.#running = undefined;
      this.#runningNode = undefined;
      if (entry) this.#history.set(job.id, entry);
      if (entry) this.sockets.send({ type: 'executing', data: { node: null, prompt_id: job.id } }, job.clientId);
      this.sockets.send(this.#status());
    }
  }

  /** The history's entry; undefined for a job that a restart took. */
  async #run(job: ComfyJob): Promise<HistoryEntry | undefined> {
    const told: ComfyEvent[] = [];
    const tell = async (event: ComfyEvent) => {
      await this.#strike(job, told.length);
      told.push(event);
      if (event.type === 'executing') this.#runningNode = event.data['node'];
      if (job.clientId !== undefined) this.sockets.send(event, job.clientId);
    };
    try {
      await tell({ type: 'execution_start', data: { prompt_id: job.id, timestamp: Date.now() } });
      const events = runGraph(job, { files: this.files, cache: this.#cache, renderMs: this.#renderMs });
      let step = await events.next();
      for (; !step.done; step = await events.next()) await tell(step.value);
      await tell({ type: 'execution_success', data: { prompt_id: job.id, timestamp: Date.now() } });
      return entryOf(job, told, step.value);
    } catch (error) {
      if (error === restarted) return undefined;
      const last = failure(job, this.#runningNode, error);
      this.sockets.send(last, job.clientId);
      return entryOf(job, [...told, last], {});
    }
  }

  /** The faults that strike after so many events of a job. */
  async #strike({ faults, clientId, stop }: ComfyJob, events: number): Promise<void> {
    if (events === faults.dropSocketAfter) this.sockets.drop(clientId);
    if (events === faults.restartAfter) this.restart();
    if (events === faults.errorAfter)
      throw new Error('mat1 and mat2 shapes cannot be multiplied (/home/frog/ComfyUI/comfy/ops.py)');
    if (events === faults.hangAfter && !stop.signal.aborted) await once(stop.signal, 'abort');
    stop.signal.throwIfAborted();
  }
}

function failure({ id, graph }: ComfyJob, node: unknown, error: unknown): ComfyEvent {
  const about = { prompt_id: id, node_id: node, node_type: graph[String(node)]?.class_type, timestamp: Date.now() };
  if (error === interrupted) return { type: 'execution_interrupted', data: about };
  const told = { exception_message: String(error), exception_type: 'RuntimeError', traceback: [] };
  return { type: 'execution_error', data: { ...about, ...told } };
}

const messageTypes = /^execution_/;

function entryOf(job: ComfyJob, told: readonly ComfyEvent[], outputs: Record<string, NodeOutput>): HistoryEntry {
  const messages = told.filter(({ type }) => messageTypes.test(type)).map(({ type, data }) => [type, data] as const);
  const completed = messages.at(-1)?.[0] === 'execution_success';
  const status = { status_str: completed ? 'success' : 'error', completed, messages } as const;
  return { prompt: queueEntry(job), outputs, status };
}
