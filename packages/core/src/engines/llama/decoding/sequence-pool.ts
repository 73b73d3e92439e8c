import type { LlamaContextSequence, Token } from '@anura/node-llama-cpp';
import type { DecodeLane } from './decode-lane.ts';
import { chooseSlot, type SlotView } from './slot-choice.ts';

/** One sequence of a native context, with the cache of what it evaluated last. */
export class SequenceSlot implements SlotView {
  readonly number: number;
  readonly lane: DecodeLane;
  readonly sequence: LlamaContextSequence;
  cached: readonly Token[] = [];
  lastUsed = 0;

  constructor(number: number, lane: DecodeLane, sequence: LlamaContextSequence) {
    this.number = number;
    this.lane = lane;
    this.sequence = sequence;
  }

  get laneLoad(): number {
    return this.lane.load;
  }
}

interface Waiter {
  readonly prompt: readonly Token[];
  take(slot: SequenceSlot): void;
}

/** Hands out sequences, first come first served. */
export class SequencePool {
  readonly #idle: Set<SequenceSlot>;
  readonly #waiting = new Set<Waiter>();
  #uses = 0;

  constructor(slots: Iterable<SequenceSlot>) {
    this.#idle = new Set(slots);
  }

  /** Waits for a slot, preferably one that evaluated the beginning of this prompt. Rejects with the signal's reason. */
  acquire(prompt: readonly Token[], signal: AbortSignal): Promise<SequenceSlot> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const slot = this.#take(prompt);
    return slot === undefined ? this.#wait(prompt, signal) : Promise.resolve(slot);
  }

  /** Gives a slot back; what its sequence holds stays there for the next turn. */
  release(slot: SequenceSlot): void {
    slot.cached = slot.sequence.disposed ? [] : slot.sequence.contextTokens;
    slot.lastUsed = ++this.#uses;
    this.#idle.add(slot);
    for (const waiter of this.#waiting) {
      const next = this.#take(waiter.prompt);
      if (next === undefined) return;
      waiter.take(next);
    }
  }

  #take(prompt: readonly Token[]): SequenceSlot | undefined {
    const slot = chooseSlot([...this.#idle], prompt);
    if (slot !== undefined) this.#idle.delete(slot);
    return slot;
  }

  #wait(prompt: readonly Token[], signal: AbortSignal): Promise<SequenceSlot> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        prompt,
        take: (slot) => {
          this.#waiting.delete(waiter);
          signal.removeEventListener('abort', leave);
          resolve(slot);
        },
      };
      this.#waiting.add(waiter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
