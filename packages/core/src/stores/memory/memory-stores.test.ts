import { testJobStore } from '../../jobs/job-store.conformance.ts';
import { testKeyStore } from '../../keys/key-store.conformance.ts';
import { testUsageStore } from '../../usage/usage-store.conformance.ts';
import { openMemoryStores } from './memory-stores.ts';

testJobStore('Memory', openMemoryStores);
testKeyStore('Memory', openMemoryStores);
testUsageStore('Memory', openMemoryStores);
