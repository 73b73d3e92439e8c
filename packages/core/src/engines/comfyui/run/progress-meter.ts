import type { ComfyEvent } from '../server/event-socket.ts';
import type { Template } from '../template/template.ts';

/** A sampler counts as much as so many other nodes. */
const samplerWeight = 20;
/** The rest is fetching and checking the result. */
const mostBeforeTheEnd = 0.99;

/** Turns ComfyUI's events into the part done of a whole graph, which never falls, not even where the work starts over. */
export class ProgressMeter {
  readonly #weights: ReadonlyMap<string, number>;
  readonly #total: number;
  readonly #done = new Set<string>();
  #current: string | undefined;
  #currentPart = 0;
  #told = 0;

  constructor({ graph, samplers }: Pick<Template, 'graph' | 'samplers'>) {
    this.#weights = new Map(Object.keys(graph).map((id) => [id, samplers.has(id) ? samplerWeight : 1]));
    this.#total = [...this.#weights.values()].reduce((sum, weight) => sum + weight, 0);
  }

  /** 0 to 0.99. */
  get part(): number {
    return this.#told;
  }

  /** The new part where it rose. */
  hear(event: ComfyEvent): number | undefined {
    this.#take(event);
    const current = (this.#weights.get(this.#current ?? '') ?? 0) * this.#currentPart;
    const done = [...this.#done].reduce((sum, id) => sum + (this.#weights.get(id) ?? 0), 0);
    const part = Math.min(mostBeforeTheEnd, (done + current) / this.#total);
    if (part <= this.#told) return undefined;
    this.#told = part;
    return part;
  }

  #take({ type, data }: ComfyEvent): void {
    const node = typeof data['node'] === 'string' ? data['node'] : undefined;
    if (type === 'execution_start') this.#startOver();
    if (type === 'execution_cached' && Array.isArray(data['nodes'])) for (const id of data['nodes']) this.#finish(id);
    if (type === 'executed' && node !== undefined) this.#finish(node);
    if (type === 'executing') this.#moveTo(node);
    if (type === 'progress' && (node === undefined || node === this.#current))
      this.#currentPart = share(data['value'], data['max']);
  }

  #startOver(): void {
    this.#done.clear();
    this.#current = undefined;
  }

  #moveTo(node: string | undefined): void {
    if (node === this.#current) return;
    if (this.#current !== undefined) this.#finish(this.#current);
    this.#current = node;
    this.#currentPart = 0;
  }

  #finish(node: unknown): void {
    if (typeof node !== 'string') return;
    this.#done.add(node);
    if (node === this.#current) this.#current = undefined;
  }
}

function share(value: unknown, max: unknown): number {
  const part = Number(value) / Number(max);
  return Number.isFinite(part) ? Math.min(1, Math.max(0, part)) : 0;
}
