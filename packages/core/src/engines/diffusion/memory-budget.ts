import { GatewayError } from '../../errors/gateway-error.ts';

/** Something that takes memory and can give it back. */
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
 * How much memory all loaded models may take together. Room for a new one is made by unloading idle ones, the one that
 * waited longest first. One budget is shared by all engines of a process.
 */
export interface MemoryBudget {
  readonly limitBytes: number;
  readonly usedBytes: number;
  /** @throws GatewayError `no-capacity` where it does not fit, now or ever. */
  hold(claim: MemoryClaim): Promise<MemoryHold>;
}

interface Entry {
  readonly claim: MemoryClaim;
  users: number;
}

export function createMemoryBudget({ limitBytes }: { limitBytes: number }): MemoryBudget {
  /** Least recently used first. */
  const entries = new Set<Entry>();
  let turn: Promise<unknown> = Promise.resolve();

  const usedBytes = () => [...entries].reduce((total, entry) => total + entry.claim.sizeBytes, 0);

  async function makeRoom(claim: MemoryClaim): Promise<void> {
    if (claim.sizeBytes > limitBytes) throw neverFits(claim, limitBytes);
    while (usedBytes() + claim.sizeBytes > limitBytes) {
      const idle = [...entries].find((entry) => entry.users === 0);
      if (!idle) throw nothingIdle(claim);
      entries.delete(idle);
      await idle.claim.unload();
    }
  }

  async function hold(claim: MemoryClaim): Promise<MemoryHold> {
    await makeRoom(claim);
    const entry: Entry = { claim, users: 1 };
    entries.add(entry);
    return {
      busy() {
        entry.users++;
      },
      idle() {
        entry.users--;
        if (entries.delete(entry)) entries.add(entry);
      },
      release: () => void entries.delete(entry),
    };
  }

  return {
    limitBytes,
    get usedBytes() {
      return usedBytes();
    },
    // One at a time: two that make room at once would unload too much, or fill the same room twice.
    hold(claim) {
      const next = turn.then(() => hold(claim));
      turn = next.catch(() => undefined);
      return next;
    },
  };
}

function neverFits({ name, sizeBytes }: MemoryClaim, limitBytes: number): GatewayError {
  const message = `"${name}" needs ${megabytes(sizeBytes)} of memory, more than the ${megabytes(limitBytes)} models may take here.`;
  return new GatewayError('no-capacity', message, { retry: 'elsewhere' });
}

function nothingIdle({ name }: MemoryClaim): GatewayError {
  const message = `There is no memory for "${name}" while other models are at work. Try again shortly.`;
  return new GatewayError('no-capacity', message, { retry: 'elsewhere', retryAfterMs: 5_000 });
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
