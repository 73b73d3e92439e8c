import type { Key } from '@anura/openapi';
import { GatewayError } from '../errors/gateway-error.ts';
import { Serial } from '../stores/serial.ts';
import type { StoreLog } from '../stores/store-log.ts';
import { WriteBehind } from '../stores/write-behind.ts';
import { type KeyCheck, KeyPicture, unknownKey } from './key-picture.ts';
import { hashSecret, maxSecretLength } from './key-secret.ts';
import type { KeyStore, KeyUse, StoredKey } from './key-store.ts';
import { type KeyRequest, makeKey } from './make-key.ts';

export interface KeyRingOptions {
  readonly store: KeyStore;
  readonly log: StoreLog;
  /** A key that is not stored, from `presetKey`. */
  readonly preset?: StoredKey;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** How often other processes' changes are looked for, milliseconds. Default 2,000. */
  readonly refreshMs?: number;
}

/** How exact `last_used_at` is, milliseconds. */
const useResolutionMs = 60_000;

/**
 * The keys of this server: checking one costs a hash and asks no store. Keys made or revoked by another process on the same
 * store are noticed within `refreshMs`. Whoever opened it closes it; it does not close the store.
 */
export class KeyRing {
  readonly #store: KeyStore;
  readonly #log: StoreLog;
  readonly #preset: StoredKey | undefined;
  readonly #now: () => number;
  readonly #uses: WriteBehind<KeyUse>;
  readonly #picture = new KeyPicture();
  /** Changes and refreshes go one by one: a refresh must not bring back the picture from before a change. */
  readonly #serial = new Serial();
  #revision: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #refreshFailing = false;

  private constructor({ store, log, preset, now = Date.now }: KeyRingOptions) {
    this.#store = store;
    this.#log = log;
    this.#preset = preset;
    this.#now = now;
    this.#uses = new WriteBehind({
      name: "Keys' last uses",
      write: (uses) => store.noteUses(uses),
      merge: (_earlier, later) => later,
      log,
      delayMs: 1_000,
      batchSize: 500,
    });
  }

  /** Reads all keys. Throws what the store throws. */
  static async open(options: KeyRingOptions): Promise<KeyRing> {
    const ring = new KeyRing(options);
    await ring.refresh();
    ring.#timer = setInterval(() => void ring.#refreshQuietly(), options.refreshMs ?? 2_000).unref();
    return ring;
  }

  /** Whether the text is a valid key, and whose. The text may be anything. */
  check(secret: string): KeyCheck {
    if (secret.length === 0 || secret.length > maxSecretLength) return unknownKey;
    const nowMs = this.#now();
    const check = this.#picture.check(hashSecret(secret), nowMs);
    if (check.ok) this.#noteUse(check.key.id, nowMs);
    return check;
  }

  /** All keys, the preset one first, then by age. Revoked ones are among them. */
  list(): Readonly<Key>[] {
    return this.#picture.list();
  }

  get(id: string): Readonly<Key> | undefined {
    return this.#picture.get(id);
  }

  /** Makes a key and keeps it: it is on disk when this resolves. Only here the secret is told. Throws `invalid-request`. */
  create(request: KeyRequest = {}): Promise<{ secret: string; key: Readonly<Key> }> {
    return this.#serial.run(async () => {
      const { secret, stored } = makeKey(request, this.#now());
      await this.#store.insert(stored);
      this.#picture.add(stored);
      return { secret, key: stored.key };
    });
  }

  /** Ends a key for good: at once here, within `refreshMs` in other processes. Throws `not-found`, or `conflict` for the preset key. */
  revoke(id: string): Promise<Readonly<Key>> {
    return this.#serial.run(async () => {
      this.#refusePreset(id);
      const revokedAt = new Date(this.#now()).toISOString();
      const found = await this.#store.revoke(id, revokedAt);
      this.#picture.revoke(id, revokedAt);
      // Not in the picture yet when another process has just made it.
      if (found && this.#picture.get(id) === undefined) await this.#reload();
      const key = this.#picture.get(id);
      if (!found || key === undefined) throw new GatewayError('not-found', 'There is no key with this id.');
      return key;
    });
  }

  /** Looks for other processes' changes now. Throws what the store throws; the picture stays as it was then. */
  refresh(): Promise<void> {
    return this.#serial.run(async () => {
      if ((await this.#store.revision()) !== this.#revision) await this.#reload();
    });
  }

  /** Stops refreshing and writes when keys were last used. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#uses.close();
  }

  async #reload(): Promise<void> {
    // Before the list: a change in between is then read twice rather than never.
    const revision = await this.#store.revision();
    const stored = await this.#store.list();
    this.#picture.replace(this.#preset === undefined ? stored : [this.#preset, ...stored]);
    this.#revision = revision;
  }

  async #refreshQuietly(): Promise<void> {
    try {
      await this.refresh();
      this.#refreshFailing = false;
    } catch (error) {
      if (this.#refreshFailing) return;
      this.#refreshFailing = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.warn({ reason }, 'Keys cannot be read again; changes by other processes are not seen until they can.');
    }
  }

  #noteUse(id: string, nowMs: number): void {
    const isNews = this.#picture.noteUse(id, nowMs, useResolutionMs);
    if (isNews && id !== this.#preset?.key.id) this.#uses.add(id, { id, lastUsedAt: new Date(nowMs).toISOString() });
  }

  #refusePreset(id: string): void {
    if (id !== this.#preset?.key.id) return;
    throw new GatewayError(
      'conflict',
      'The preset key comes from ANURA_API_KEY: to end it, start the server without it.',
    );
  }
}
