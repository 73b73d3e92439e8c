import type { KeyStore, KeyUse, StoredKey } from '../../keys/key-store.ts';

export class MemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, StoredKey>();
  #revision = 0;

  async list(): Promise<StoredKey[]> {
    return [...this.#keys.values()].sort((one, other) => (one.key.created_at < other.key.created_at ? -1 : 1));
  }

  async insert(stored: StoredKey): Promise<void> {
    const isTaken = [...this.#keys.values()].some(({ key, hash }) => key.id === stored.key.id || hash === stored.hash);
    if (isTaken) throw new Error('A key with this id or hash exists already.');
    this.#keys.set(stored.key.id, stored);
    this.#revision++;
  }

  async revoke(id: string, revokedAt: string): Promise<boolean> {
    const stored = this.#keys.get(id);
    if (stored === undefined) return false;
    this.#keys.set(id, { ...stored, key: { ...stored.key, revoked_at: stored.key.revoked_at ?? revokedAt } });
    this.#revision++;
    return true;
  }

  async noteUses(uses: readonly KeyUse[]): Promise<void> {
    for (const { id, lastUsedAt } of uses) {
      const stored = this.#keys.get(id);
      if (stored === undefined || lastUsedAt <= (stored.key.last_used_at ?? '')) continue;
      this.#keys.set(id, { ...stored, key: { ...stored.key, last_used_at: lastUsedAt } });
    }
  }

  async revision(): Promise<number> {
    return this.#revision;
  }
}
