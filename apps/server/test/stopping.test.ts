import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { get, post, runServer } from './running-server.ts';
import { finish, piece, scriptedProvider } from './scripted-provider.ts';

const hello = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true };

/** A model that says one word at once and the second when it may. */
function slowModel() {
  const { promise: mayFinish, resolve: letFinish } = Promise.withResolvers<void>();
  const provider = scriptedProvider('m', async function* (_request, { signal }) {
    yield piece('Hello ');
    await Promise.race([mayFinish, once(signal, 'abort')]);
    yield piece('world.');
    yield finish;
  });
  return { provider, letFinish };
}

test('a stopping server lets running streams end and takes nothing new', async () => {
  const { provider, letFinish } = slowModel();
  const server = await runServer({ providers: [provider] });
  const running = await post(`${server.base}/chat/completions`, hello);
  const closed = server.close();
  await expect.poll(() => get(`${server.url}/readyz`, {}).catch(() => 'refused')).toBe('refused');
  letFinish();
  const text = await running.text();
  expect(text).toContain('world.');
  expect(text).toContain('data: [DONE]\n\n');
  await closed;
});

test('after its grace it cuts off what still runs, without calling it complete', async () => {
  const { provider } = slowModel();
  const server = await runServer({ providers: [provider], flags: { shutdown_grace: '200ms' } });
  const running = await post(`${server.base}/chat/completions`, hello);
  const [text] = await Promise.all([running.text().catch(() => 'cut'), server.close()]);
  expect(text).not.toContain('[DONE]');
});

test('connections without a request do not hold it up', async () => {
  const server = await runServer();
  const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(idle, 'connect');
  await get(`${server.url}/healthz`, {}); // and one that is kept alive
  const startedAt = performance.now();
  await server.close();
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

test('a process told to stop drains its streams and exits with 0', async () => {
  const child = spawn(process.execPath, [new URL('stoppable-process.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [base] = await once(createInterface(child.stdout), 'line');
  const running = await post(`${base}/chat/completions`, hello);
  child.kill('SIGTERM');
  const [text, [code, signal]] = await Promise.all([running.text(), once(child, 'exit')]);
  expect(text).toContain('data: [DONE]\n\n');
  expect([code, signal]).toEqual([0, null]);
});
