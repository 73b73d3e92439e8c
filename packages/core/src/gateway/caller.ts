import type { KeyLimits } from '../limits/key-limits.ts';

/** On whose behalf a request is made. */
export interface RequestCaller {
  readonly keyId: string;
  /** The key's share of a busy machine relative to other keys. Default 1. */
  readonly weight?: number;
  readonly limits: KeyLimits;
}
