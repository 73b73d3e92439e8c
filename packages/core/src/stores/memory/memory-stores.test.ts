import { testIdempotencyStore } from '../../idempotency/idempotency-store.conformance.ts';
import { testDurableJobStore } from '../../jobs/durable/durable-job-store.conformance.ts';
import { testJobStore } from '../../jobs/job-store.conformance.ts';
import { testKeyStore } from '../../keys/key-store.conformance.ts';
import { testUsageStore } from '../../usage/usage-store.conformance.ts';
import { testWebhookStore } from '../../webhooks/webhook-store.conformance.ts';
import { MemoryJobStore } from './memory-job-store.ts';
import { openMemoryStores } from './memory-stores.ts';
import { MemoryUsageStore } from './memory-usage-store.ts';

testJobStore('Memory', () => ({ ...openMemoryStores(), jobs: new MemoryJobStore() }));
testUsageStore('Memory', () => ({ ...openMemoryStores(), usage: new MemoryUsageStore() }));
testKeyStore('Memory', openMemoryStores);
testDurableJobStore('SQLite in memory', openMemoryStores);
testWebhookStore('SQLite in memory', openMemoryStores);
testIdempotencyStore('SQLite in memory', openMemoryStores);
