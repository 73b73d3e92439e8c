export { openMemoryStores } from './memory/memory-stores.ts';
export type { StoreLog } from './store-log.ts';
export type { Stores } from './stores.ts';
