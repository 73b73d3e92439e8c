import { totalmem } from 'node:os';
import { GatewayError } from '../errors/gateway-error.ts';
import { untilAborted } from './until-aborted.ts';

/** A model that wants memory and can give it back. */
export interface MemoryClaim {
  /** For messages, e.g. the model's name. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Called when room is needed and nobody uses it. Resolves when the memory is free; must not throw. */
  unload(): Promise<void>;
}

/** Memory that was granted; in use by one until `idle` is called. */
export interface MemoryHold {
  /** One more uses it: it cannot be unloaded before as many calls of `idle`. */
  busy(): void;
  idle(): void;
  /** Gives the memory back without unloading, because what held it is gone. Safe to call twice. */
  release(): void;
}

/**
 * How much memory all loaded models may take together, whatever engine they belong to. Room for a new one is made by
 * unloading idle ones, the one that waited longest first.
 */
export interface MemoryBudget {
  readonly limitBytes: number;
  readonly usedBytes: number;
  /**
   * Waits while models in use leave no room. Who asks first is served first.
   *
   * @param signal ends the wait, with its reason.
   * @throws GatewayError `no-capacity` for what could never fit.
   */
  hold(claim: MemoryClaim, signal: AbortSignal): Promise<MemoryHold>;
}

interface Entry {
  readonly claim: MemoryClaim;
  users: number;
}

/** @param limitBytes default 70 % of what the process may use. */
export function createMemoryBudget({ limitBytes = defaultLimitBytes() } = {}): MemoryBudget {
  /** Least recently used first. */
  const entries = new Set<Entry>();
  let turn: Promise<unknown> = Promise.resolve();
  /** Wakes the one whose turn it is. */
  let roomMayBeFree = () => {};

  const usedBytes = () => [...entries].reduce((total, entry) => total + entry.claim.sizeBytes, 0);
  const untilRoomMayBeFree = () =>
    new Promise<void>((resolve) => {
      roomMayBeFree = resolve;
    });

  async function makeRoom(claim: MemoryClaim, signal: AbortSignal): Promise<void> {
    while (usedBytes() + claim.sizeBytes > limitBytes) {
      const idle = [...entries].find((entry) => entry.users === 0);
      if (idle) {
        entries.delete(idle);
        await idle.claim.unload();
      } else await untilAborted(untilRoomMayBeFree(), signal);
    }
  }

  async function hold(claim: MemoryClaim, signal: AbortSignal): Promise<MemoryHold> {
    await makeRoom(claim, signal);
    signal.throwIfAborted();
    const entry: Entry = { claim, users: 1 };
    entries.add(entry);
    return {
      busy() {
        entry.users++;
      },
      idle() {
        entry.users--;
        if (entries.delete(entry)) entries.add(entry);
        roomMayBeFree();
      },
      release() {
        if (entries.delete(entry)) roomMayBeFree();
      },
    };
  }

  return {
    limitBytes,
    get usedBytes() {
      return usedBytes();
    },
    // One at a time: two that make room at once would unload too much, or fill the same room twice.
    async hold(claim, signal) {
      if (claim.sizeBytes > limitBytes) throw neverFits(claim, limitBytes);
      const granted = untilAborted(turn, signal).then(() => hold(claim, signal));
      turn = Promise.allSettled([turn, granted]).then(() => undefined);
      return await granted;
    },
  };
}

const defaultShare = 0.7;

/** Of what the process may use: the container's limit where there is one. */
function defaultLimitBytes(): number {
  const constrained = process.constrainedMemory();
  return Math.floor((constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()) * defaultShare);
}

function neverFits({ name, sizeBytes }: MemoryClaim, limitBytes: number): GatewayError {
  const message = `"${name}" needs ${megabytes(sizeBytes)} of memory, more than the ${megabytes(limitBytes)} models may take here.`;
  return new GatewayError('no-capacity', message, { retry: 'elsewhere' });
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
