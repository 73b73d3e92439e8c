import type { Stores } from '../stores.ts';
import { MemoryJobStore } from './memory-job-store.ts';
import { MemoryKeyStore } from './memory-key-store.ts';
import { MemoryUsageStore } from './memory-usage-store.ts';

/** Stores that end with the process: for tests, and for a server that must leave nothing behind. */
export function openMemoryStores(): Stores {
  return {
    keys: new MemoryKeyStore(),
    usage: new MemoryUsageStore(),
    jobs: new MemoryJobStore(),
    close: async () => undefined,
  };
}
