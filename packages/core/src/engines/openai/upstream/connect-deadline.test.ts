import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { readSettings } from '../settings.ts';
import { Upstream } from './upstream.ts';

/** A thread that listens with room for one waiting connection and then never runs again: nobody accepts. */
const deafServer = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 20);
  });
`;

it('gives up connecting by its own deadline and names it', async () => {
  const worker = new Worker(deafServer, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  await new Promise((resolve) => setTimeout(resolve, 60));
  const waiting: Socket[] = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  const upstream = new Upstream(
    readSettings({ name: 'deaf', baseUrl: `http://127.0.0.1:${port}`, deadlines: { connectMs: 300 } }),
  );
  try {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const asked = upstream.send({ method: 'GET', path: '/models', signal: AbortSignal.timeout(10_000) });
    await expect(asked).rejects.toMatchObject({
      code: 'engine-timeout',
      retry: 'elsewhere',
      message: expect.stringContaining('within 300 ms'),
    });
  } finally {
    for (const socket of waiting) socket.destroy();
    await upstream.close();
    await worker.terminate();
  }
});
