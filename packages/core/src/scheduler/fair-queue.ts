/** What the queue must know of an entry. */
export interface Queueable {
  readonly keyId: string;
  /** Share relative to other keys; held between 0.01 and 1000. Default 1. */
  readonly weight?: number | undefined;
  /** Higher goes first; held between -10 and 10. Default 0. */
  readonly priority?: number | undefined;
}

/** One key's entries, and the virtual time at which its first may go. */
interface Flow<Entry> {
  readonly keyId: string;
  /** Highest priority first, then in order of arrival. */
  readonly entries: Entry[];
  startTime: number;
  rank: number;
}

/** One step of priority is worth this many turns of an equal key. */
const turnsPerPriority = 8;

/**
 * Start-time fair queueing between keys. Every key has its own line; its first entry carries a place in virtual time,
 * and each entry taken moves the key's next one `1 / weight` turns further on. A key that comes new starts at the current
 * virtual time, so it waits for at most one entry of every other key, however long their lines are.
 *
 * Nobody starves: a line's rank stands still while all others move past it, so low priority or weight costs a bounded
 * number of other keys' turns (ageing in turns, not in seconds: a slow machine does not turn the order around).
 *
 * The lines lie sorted by rank: taking and adding cost a binary search plus a shift of a short array.
 */
export class FairQueue<Entry extends Queueable> {
  #length = 0;
  #virtualTime = 0;
  readonly #flows: Flow<Entry>[] = [];
  readonly #flowOfKey = new Map<string, Flow<Entry>>();
  /** Where keys without entries left off; a key that comes back does not jump ahead of what it already took. */
  readonly #leftOff = new Map<string, number>();

  get length(): number {
    return this.#length;
  }

  push(entry: Entry): void {
    const flow = this.#flowOfKey.get(entry.keyId) ?? this.#openFlow(entry.keyId);
    const { entries } = flow;
    const position = entries.findLastIndex((other) => priorityOf(other) >= priorityOf(entry)) + 1;
    entries.splice(position, 0, entry);
    this.#length++;
    if (position === 0) this.#place(flow);
  }

  /** Takes an entry out of turn, e.g. because its client left. False when it is not waiting. */
  remove(entry: Entry): boolean {
    const flow = this.#flowOfKey.get(entry.keyId);
    const position = flow?.entries.indexOf(entry) ?? -1;
    if (!flow || position < 0) return false;
    this.#takeOut(flow, position);
    return true;
  }

  /** Takes the first entry, in fair order, that `accepts`. Costs one look when all are alike. */
  take(accepts: (entry: Entry) => boolean): Entry | undefined {
    for (const flow of this.#flows) {
      const position = flow.entries.findIndex(accepts);
      const entry = flow.entries[position];
      if (entry === undefined) continue;
      this.#virtualTime = Math.max(this.#virtualTime, flow.startTime);
      flow.startTime += 1 / weightOf(entry);
      this.#takeOut(flow, position);
      return entry;
    }
    return undefined;
  }

  /** How many waiting entries would go before `newcomer`, were it pushed now. */
  ahead(newcomer: Queueable): number {
    const own = this.#flowOfKey.get(newcomer.keyId);
    const before = own?.entries.filter((entry) => priorityOf(entry) >= priorityOf(newcomer)).length ?? 0;
    const startTime = (own?.startTime ?? this.#startTimeOf(newcomer.keyId)) + before / weightOf(newcomer);
    const rank = startTime - turnsPerPriority * priorityOf(newcomer);
    let count = before;
    for (const flow of this.#flows) {
      const first = flow.entries[0];
      if (flow === own || first === undefined || flow.rank > rank) continue;
      count += Math.min(flow.entries.length, 1 + Math.floor((rank - flow.rank) * weightOf(first)));
    }
    return count;
  }

  *[Symbol.iterator](): Generator<Entry> {
    for (const flow of this.#flows) yield* flow.entries;
  }

  #openFlow(keyId: string): Flow<Entry> {
    const flow = { keyId, entries: [], startTime: this.#startTimeOf(keyId), rank: 0 };
    this.#leftOff.delete(keyId);
    this.#flowOfKey.set(keyId, flow);
    return flow;
  }

  #startTimeOf(keyId: string): number {
    return Math.max(this.#virtualTime, this.#leftOff.get(keyId) ?? 0);
  }

  #takeOut(flow: Flow<Entry>, position: number): void {
    flow.entries.splice(position, 1);
    this.#length--;
    if (flow.entries.length > 0) this.#place(flow);
    else this.#closeFlow(flow);
  }

  #closeFlow(flow: Flow<Entry>): void {
    this.#flows.splice(this.#flows.indexOf(flow), 1);
    this.#flowOfKey.delete(flow.keyId);
    this.#leftOff.set(flow.keyId, flow.startTime);
    this.#forget();
  }

  /** Puts a line where its rank belongs; among equals the one that came there first stays first. */
  #place(flow: Flow<Entry>): void {
    const first = flow.entries[0];
    if (first === undefined) return;
    const present = this.#flows.indexOf(flow);
    if (present >= 0) this.#flows.splice(present, 1);
    flow.rank = flow.startTime - turnsPerPriority * priorityOf(first);
    let [low, high] = [0, this.#flows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#flows[middle]?.rank ?? 0) <= flow.rank) low = middle + 1;
      else high = middle;
    }
    this.#flows.splice(low, 0, flow);
  }

  /** An empty queue owes nobody anything; a long memory is cut to those still ahead of the others. */
  #forget(): void {
    if (this.#length === 0) {
      this.#leftOff.clear();
      this.#virtualTime = 0;
    } else if (this.#leftOff.size > 2 * this.#flows.length + 100) {
      for (const [keyId, startTime] of this.#leftOff) {
        if (startTime <= this.#virtualTime) this.#leftOff.delete(keyId);
      }
    }
  }
}

const weightOf = ({ weight = 1 }: Queueable): number => Math.min(1000, Math.max(0.01, weight));
const priorityOf = ({ priority = 0 }: Queueable): number => Math.min(10, Math.max(-10, priority));
