import { timingSafeEqual } from 'node:crypto';
import type { Key } from '@anura/openapi';
import type { StoredKey } from './key-store.ts';

/** What a text presented as a key turned out to be. */
export type KeyCheck =
  | { readonly ok: true; readonly key: Readonly<Key> }
  | { readonly ok: false; readonly reason: 'unknown' | 'expired' | 'revoked' };

export const unknownKey: KeyCheck = { ok: false, reason: 'unknown' };

interface Entry {
  key: Readonly<Key>;
  readonly hash: string;
  readonly expiresAtMs: number;
  lastUsedMs: number;
}

/** All keys as they stand, in memory, by the hash of their secret. */
export class KeyPicture {
  #byHash = new Map<string, Entry>();
  #byId = new Map<string, Entry>();

  check(hash: string, nowMs: number): KeyCheck {
    const entry = this.#byHash.get(hash);
    // The map narrows it down by a hash whose bits nobody can choose; this comparison, in constant time, decides.
    if (entry === undefined || !timingSafeEqual(Buffer.from(hash), Buffer.from(entry.hash))) return unknownKey;
    if (entry.key.revoked_at !== null) return { ok: false, reason: 'revoked' };
    if (nowMs >= entry.expiresAtMs) return { ok: false, reason: 'expired' };
    return { ok: true, key: entry.key };
  }

  list(): Readonly<Key>[] {
    return [...this.#byId.values()].map(({ key }) => key);
  }

  get(id: string): Readonly<Key> | undefined {
    return this.#byId.get(id)?.key;
  }

  /** Takes these keys for all there are. Of two with one hash the first counts. */
  replace(keys: readonly StoredKey[]): void {
    const before = this.#byId;
    this.#byHash = new Map();
    this.#byId = new Map();
    for (const stored of keys) {
      if (!this.#byHash.has(stored.hash)) this.add(stored, before.get(stored.key.id)?.lastUsedMs);
    }
  }

  /** `usedMs`, where it is later than the stored time, is when the key was used last. */
  add({ key, hash }: StoredKey, usedMs = Number.NEGATIVE_INFINITY): void {
    const lastUsedMs = Math.max(timeOr(key.last_used_at, Number.NEGATIVE_INFINITY), usedMs);
    const last_used_at = Number.isFinite(lastUsedMs) ? new Date(lastUsedMs).toISOString() : null;
    const entry = {
      key: { ...key, last_used_at },
      hash,
      expiresAtMs: timeOr(key.expires_at, Number.POSITIVE_INFINITY),
      lastUsedMs,
    };
    this.#byHash.set(hash, entry);
    this.#byId.set(key.id, entry);
  }

  /** An earlier revocation stays as it was. */
  revoke(id: string, revokedAt: string): void {
    const entry = this.#byId.get(id);
    if (entry !== undefined) entry.key = { ...entry.key, revoked_at: entry.key.revoked_at ?? revokedAt };
  }

  /** Notes a use and says whether it is news: whether `resolutionMs` passed since the last one noted. */
  noteUse(id: string, nowMs: number, resolutionMs: number): boolean {
    const entry = this.#byId.get(id);
    if (entry === undefined || nowMs - entry.lastUsedMs < resolutionMs) return false;
    entry.lastUsedMs = nowMs;
    entry.key = { ...entry.key, last_used_at: new Date(nowMs).toISOString() };
    return true;
  }
}

function timeOr(time: string | null, otherwise: number): number {
  return time === null ? otherwise : Date.parse(time);
}
