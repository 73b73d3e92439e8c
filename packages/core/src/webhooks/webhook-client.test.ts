import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { WebhookClient } from './webhook-client.ts';

const message = { headers: {}, body: '{}' };
const never = new AbortController().signal;

/** Every name leads to this machine, beside an address of the open internet. */
vi.mock('node:dns', () => ({
  lookup: (_name: string, _options: object, callback: (error: null, addresses: object[]) => void) =>
    callback(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '93.184.216.34', family: 4 },
    ]),
}));

async function listen(): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = createServer((_request, response) => response.end());
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

function open(reach: 'public' | 'local'): WebhookClient {
  const client = new WebhookClient({ reach });
  onTestFinished(() => client.close());
  return client;
}

it('opens no connection for a name that leads into a private network when it is looked up', async () => {
  const { port, connections } = await listen();
  const sent = await open('public').send({ ...message, url: `http://harmless.example:${port}/` }, never);
  expect(sent).toEqual({ status: null, error: 'it leads into a private network' });
  expect(connections()).toBe(0);
});

it('opens one where the operator allows it', async () => {
  const { port, connections } = await listen();
  const sent = await open('local').send({ ...message, url: `http://harmless.example:${port}/` }, never);
  expect(sent).toEqual({ status: 200, error: null });
  expect(connections()).toBe(1);
});
