import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../__fixtures__/run-in-process.ts';
import { envelope, failing, json, model, models, startSmallServer } from '../__fixtures__/small-server.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'anura-cli-doctor-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const health = envelope({
  state: 'ok',
  version: '1.2.3',
  uptime_seconds: 1,
  models: 1,
  requests_running: 0,
  requests_waiting: 0,
});

/** Without the model in this process and without looking for an Ollama, which are slow or not the test's. */
async function examine(file: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  writeFileSync(
    join(cwd, 'anura.config.yaml'),
    `data_dir: data\ndiscover_ollama: false\nllama: {enabled: false}\n${file}`,
  );
  const { exitCode, stdout } = await run(['doctor', '--json', ...args], { cwd, env });
  const { ok, findings } = JSON.parse(stdout) as {
    ok: boolean;
    findings: { check: string; level: string; message: string; advice?: string }[];
  };
  return { exitCode, ok, of: (check: string) => findings.find((finding) => finding.check === check) };
}

test('with a server, a key and an upstream that answer, all is well', async () => {
  const list = models(model('tadpole'));
  await using server = await startSmallServer({ 'GET /health': health, 'GET /models': list, 'GET /v1/models': list });
  const upstream = `providers: [{name: box, url: '${server.url}/v1', key: upstream-secret}]`;
  const found = await examine(upstream, ['--url', server.url, '--key', 'my-key']);
  expect([found.exitCode, found.ok]).toEqual([0, true]);
  expect(found.of('node')?.level).toBe('ok');
  expect(found.of('data folder')?.message).toContain('will be made at the first start');
  expect(found.of('server')?.message).toContain('Anura 1.2.3 answers');
  expect(found.of('key')).toMatchObject({ level: 'ok', message: 'valid; it may ask 1 model' });
  expect(found.of('provider box')?.level).toBe('ok');
  expect(server.requests.find(({ path }) => path === '/v1/models')?.authorization).toBe('Bearer upstream-secret');
});

test('a key that is refused fails, by the server and by an upstream', async () => {
  const refused = failing(401, 'No.');
  await using server = await startSmallServer({
    'GET /health': health,
    'GET /models': refused,
    'GET /v1/models': refused,
  });
  const found = await examine(`providers: [{name: box, url: '${server.url}/v1'}]`, ['--url', server.url, '--key', 'k']);
  expect(found.exitCode).toBe(1);
  expect(found.of('key')).toMatchObject({ level: 'fail', advice: expect.stringContaining('ANURA_API_KEY') });
  expect(found.of('provider box')).toMatchObject({ level: 'fail', message: 'refuses its key' });
});

test('a server that is older than the command is a warning', async () => {
  await using server = await startSmallServer({
    'GET /health': envelope({ state: 'ok', version: '0.0.1', models: 1 }),
    'GET /models': models(model('tadpole')),
  });
  const found = await examine('', ['--url', server.url, '--key', 'k']);
  expect(found.exitCode).toBe(0);
  expect(found.of('version')).toMatchObject({
    level: 'warn',
    message: expect.stringContaining('is Anura 0.0.1, older'),
  });
});

test('a profile that is not there fails, and the rest is looked at', async () => {
  const found = await examine('', ['--profile', 'nope']);
  expect(found.exitCode).toBe(1);
  expect(found.of('profile')).toMatchObject({ level: 'fail', message: expect.stringContaining('no profile nope') });
  expect(found.of('data folder')?.level).toBe('ok');
});

test('an upstream that is not there is a warning: the others go on without it', async () => {
  const found = await examine(`port: 0\nproviders: [{name: box, url: '${await deadUrl()}'}]`, [
    '--url',
    await deadUrl(),
  ]);
  expect(found.exitCode).toBe(0);
  expect(found.of('provider box')).toMatchObject({ level: 'warn', message: expect.stringContaining('ECONNREFUSED') });
  expect(found.of('server')?.level).toBe('ok');
  expect(found.of('port')?.level).toBe('ok');
  expect(found.of('models folder')).toMatchObject({ level: 'warn', advice: expect.stringContaining('anura pull') });
});

test('a port that something else has is found', async () => {
  await using server = await startSmallServer({ 'GET /health': json('<html>', 404) });
  const found = await examine(`port: ${server.port}`);
  expect(found.exitCode).toBe(1);
  expect(found.of('server')?.level).toBe('fail');
});

test('a broken configuration, database and model file fail, each with what to do', async () => {
  mkdirSync(join(cwd, 'data/models'), { recursive: true });
  writeFileSync(join(cwd, 'data/anura.db'), 'this is no database, however long one reads on in it'.repeat(20));
  writeFileSync(join(cwd, 'data/models/bad.gguf'), 'no');
  const found = await examine('port: 0', ['--url', await deadUrl()]);
  expect(found.of('database')).toMatchObject({ level: 'fail' });
  expect(found.of('models folder')).toMatchObject({ level: 'fail', message: expect.stringContaining('bad.gguf') });

  const broken = await examine('port: many');
  expect(broken.exitCode).toBe(1);
  expect(broken.of('config')).toMatchObject({
    level: 'fail',
    message: expect.stringContaining('anura.config.yaml:4: port'),
  });
});

test('people get one line a check, and the advice below it', async () => {
  const args = ['doctor', '--port', '0', '--url', await deadUrl(), '--no-llama-enabled', '--no-discover-ollama'];
  const { stdout } = await run(args, { cwd, env: { ANURA_HOME: cwd } });
  expect(stdout).toMatch(/^ok {4}node {12}Node /);
  expect(stdout).toMatch(/warn {2}models folder {3}.* is empty\n {6}→ Get a model/);
});

/** Where a server was a moment ago. */
async function deadUrl(): Promise<string> {
  await using server = await startSmallServer({});
  return server.url;
}
