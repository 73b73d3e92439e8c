export type { KeyCheck } from './key-picture.ts';
export { KeyRing, type KeyRingOptions } from './key-ring.ts';
export type { KeyStore, KeyUse, StoredKey } from './key-store.ts';
export type { KeyRequest } from './make-key.ts';
export { presetKey, presetKeyId } from './preset-key.ts';
