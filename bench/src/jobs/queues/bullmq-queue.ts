import { type JobQueue, type JobWorker, jobInput, jobResult } from './job-queue.ts';
import { loadRival } from './rival-package.ts';

interface Options {
  readonly connection: { readonly host: string; readonly port: number };
  readonly concurrency?: number;
  readonly autorun?: boolean;
}

interface Queue {
  add(name: string, data: object): Promise<unknown>;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

interface Worker {
  on(event: 'completed' | 'failed' | 'error', listener: (subject: unknown) => void): void;
  waitUntilReady(): Promise<unknown>;
  run(): Promise<void>;
  close(): Promise<void>;
  concurrency: number;
}

interface BullMq {
  readonly Queue: new (name: string, options: Options) => Queue;
  readonly Worker: new (name: string, processor: () => Promise<object>, options: Options) => Worker;
}

const name = 'video';

/** BullMQ on a Redis of this port, used as its documentation shows: `Queue.add`, and a `Worker` that takes several jobs at once. */
export async function openBullmqQueue(port: number): Promise<JobQueue> {
  const bullmq = loadRival('bullmq') as BullMq;
  const connection = { host: '127.0.0.1', port };
  const queue = new bullmq.Queue(name, { connection });
  await queue.waitUntilReady();
  return {
    submit: () => queue.add('generate', jobInput),
    openWorker: () => openWorker(bullmq, { connection, autorun: false }),
    close: () => queue.close(),
  };
}

async function openWorker(bullmq: BullMq, options: Options): Promise<JobWorker> {
  const worker = new bullmq.Worker(name, async () => jobResult, options);
  await worker.waitUntilReady();
  return {
    settle: (count, inFlight) => settle(worker, count, inFlight),
    close: () => worker.close(),
  };
}

function settle(worker: Worker, count: number, inFlight: number): Promise<void> {
  worker.concurrency = inFlight;
  return new Promise((resolve, reject) => {
    let left = count;
    worker.on('completed', () => --left === 0 && resolve());
    worker.on('failed', () => reject(new Error('BullMQ failed a job that does nothing.')));
    worker.on('error', reject);
    worker.run().catch(reject);
  });
}
