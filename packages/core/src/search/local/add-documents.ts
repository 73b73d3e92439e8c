import { setImmediate as breathe } from 'node:timers/promises';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { DocumentIndex, IndexedDocument } from './document-index.ts';

export interface AddReport {
  /** New or changed, now in the index. */
  readonly added: number;
  readonly unchanged: number;
  /** Not in the source any more, taken out. */
  readonly removed: number;
  /** Documents that could not be read, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

export interface AddOptions {
  readonly signal?: AbortSignal;
  /** Called after each document with how many are done. */
  readonly onProgress?: (done: number) => void;
}

/** A document that may be read, if its stamp is not the one in the index. */
export interface Candidate {
  readonly name: string;
  /** Undefined where only reading tells. */
  readonly stamp: string | undefined;
  read(): Promise<Omit<IndexedDocument, 'collection' | 'name'> | Unread>;
}

/** Why a document is not for the index. */
interface Unread {
  readonly reason: string;
  /** Whether what the index has of it stays: it may only be out of reach for now. */
  readonly keep: boolean;
}

const batchSize = 32;

/**
 * Brings a collection in line with its source: what is new or changed is read and indexed, what is gone is removed, the rest
 * is not touched. Other work gets its turn between batches. Stopped midway, what was done stays.
 *
 * @throws GatewayError `cancelled` where the signal aborts.
 */
export async function addDocuments(
  index: DocumentIndex,
  collection: string,
  candidates: AsyncIterable<Candidate>,
  { signal, onProgress }: AddOptions,
): Promise<AddReport> {
  const run = new Addition(index, collection);
  let done = 0;
  for await (const candidate of candidates) {
    if (signal?.aborted) throw stopped(signal);
    await run.take(candidate);
    onProgress?.(++done);
  }
  return run.finish();
}

class Addition {
  readonly #index: DocumentIndex;
  readonly #collection: string;
  readonly #known: ReadonlyMap<string, string>;
  readonly #gone: Set<string>;
  readonly #skipped: { name: string; reason: string }[] = [];
  #batch: IndexedDocument[] = [];
  #added = 0;
  #unchanged = 0;

  constructor(index: DocumentIndex, collection: string) {
    this.#index = index;
    this.#collection = collection;
    this.#known = index.stamps(collection);
    this.#gone = new Set(this.#known.keys());
  }

  async take({ name, stamp, read }: Candidate): Promise<void> {
    const known = this.#known.get(name);
    if (known !== undefined && known === stamp) return this.#same(name);
    const found = await read();
    if ('reason' in found) return this.#skip(name, found);
    if (found.stamp === known) return this.#same(name);
    this.#gone.delete(name);
    this.#batch.push({ collection: this.#collection, name, ...found });
    if (this.#batch.length >= batchSize) await this.#flush();
  }

  async finish(): Promise<AddReport> {
    await this.#flush();
    this.#index.remove(this.#collection, [...this.#gone]);
    return { added: this.#added, unchanged: this.#unchanged, removed: this.#gone.size, skipped: this.#skipped };
  }

  #same(name: string): void {
    this.#gone.delete(name);
    this.#unchanged += 1;
  }

  #skip(name: string, { reason, keep }: Unread): void {
    if (keep) this.#gone.delete(name);
    this.#skipped.push({ name, reason });
  }

  async #flush(): Promise<void> {
    this.#index.put(this.#batch);
    this.#added += this.#batch.length;
    this.#batch = [];
    await breathe();
  }
}

function stopped({ reason }: AbortSignal): GatewayError {
  if (GatewayError.is(reason)) return reason;
  return new GatewayError('cancelled', 'Stopped. What was read so far is in the index.', { cause: reason });
}
