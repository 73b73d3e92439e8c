import type { Key } from '@anura/openapi';

/** A key as it is kept: without the secret, of which there is only the hash. */
export interface StoredKey {
  readonly key: Readonly<Key>;
  /** SHA-256 of the secret, 64 lower-case hex. */
  readonly hash: string;
}

/**
 * Where keys are kept. Every implementation runs `key-store.conformance.ts`. Keys are never deleted: usage and jobs go on
 * naming them.
 */
export interface KeyStore {
  /** All keys, revoked ones too, oldest first. */
  list(): Promise<StoredKey[]>;
  /** Keeps a new key. It is on disk when this resolves. Throws when the id or the hash is taken. */
  insert(key: StoredKey): Promise<void>;
  /** Ends a key; that is on disk when this resolves. An earlier revocation stays as it was. False when there is no such key. */
  revoke(id: string, revokedAt: string): Promise<boolean>;
  /** Notes when keys were used last, all or none; an older time than the known one changes nothing. May be lost in a crash. */
  noteUses(uses: readonly KeyUse[]): Promise<void>;
  /** A number that changes whenever anybody adds or revokes a key. Cheap: it is asked for every few seconds. */
  revision(): Promise<number>;
}

export interface KeyUse {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly lastUsedAt: string;
}
