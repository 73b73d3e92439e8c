import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { chunk, endless, model, models, startSmallServer } from './__fixtures__/small-server.ts';
import { killProcesses, startProcess } from './__fixtures__/start-process.ts';

afterEach(killProcesses);

test('the version is the package’s', async () => {
  expect(await startProcess(['--version']).ended).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

describe('with an answer that never ends', () => {
  const answers = { 'GET /models': models(model('tadpole')) };

  test('Ctrl-C hangs up and ends with 130', async () => {
    const gone = Promise.withResolvers<void>();
    await using server = await startSmallServer({
      ...answers,
      'POST /chat/completions': endless('word', gone.resolve),
    });
    const { child, ended, prints } = startProcess(['chat', 'tadpole', 'hi', '--url', server.url]);
    child.stdin?.end();
    await prints(/word/);
    child.kill('SIGINT');
    await gone.promise;
    expect(await ended).toMatchObject({ code: 130, signal: null, output: 'word\n', errors: '' });
  });

  test('a reader that goes away ends it without a word', async () => {
    const gone = Promise.withResolvers<void>();
    await using server = await startSmallServer({
      ...answers,
      'POST /chat/completions': (response, request) => {
        endless('word ', gone.resolve)(response, request);
        const more = setInterval(() => response.write(chunk({ content: 'x' })), 5);
        response.on('close', () => clearInterval(more));
      },
    });
    const { child, ended, prints } = startProcess(['chat', 'tadpole', 'hi', '--url', server.url]);
    child.stdin?.end();
    await prints(/word/);
    child.stdout?.destroy();
    await gone.promise;
    expect(await ended).toMatchObject({ code: 0, errors: '' });
  });
});

test.each(['chat', 'embed'])('Ctrl-C while %s waits for what is piped in ends with 130', async (command) => {
  await using server = await startSmallServer({ 'GET /models': models(model('tadpole')) });
  const { child, ended } = startProcess([command, '--url', server.url]);
  child.stdin?.write('The beginning of a question');
  await once(child.stderr as NodeJS.ReadableStream, 'data'); // that it waits
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, signal: null, output: '' });
});

test('what is piped in and is no text is refused', async () => {
  await using server = await startSmallServer({ 'GET /models': models(model('tadpole')) });
  const { child, ended } = startProcess(['chat', '--url', server.url]);
  child.stdin?.end(Buffer.of(0x89, 0x50, 0x4e, 0x47, 0xff));
  expect(await ended).toMatchObject({ code: 1, errors: expect.stringContaining('is no text in UTF-8') });
  expect(server.requests).toHaveLength(1);
});

test.skipIf(!existsSync('/dev/full'))('a full disk behind the output is said, and fails (needs /dev/full)', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const run = (...args: string[]) =>
    spawnSync('sh', ['-c', 'exec "$0" "$@" > /dev/full', process.execPath, main, ...args], { encoding: 'utf8' });
  expect(run('--help')).toMatchObject({ status: 1, stderr: expect.stringMatching(/^error: .*\(ENOSPC\)\.\n$/) });
  const { status, stderr } = run('completion', '--help', '--json');
  expect(status).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({ error: { message: expect.stringContaining('ENOSPC'), exit_code: 1 } });
});

test('Ctrl-C while a picture is drawn hangs up and leaves no file', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'anura-main-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const asked = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  await using server = await startSmallServer({
    'POST /image/generate': (response) => {
      response.writeHead(200, { 'Content-Type': 'image/png' }).write('half a pict');
      response.on('close', gone.resolve);
      asked.resolve();
    },
  });
  const args = ['image', 'a frog', '-m', 'draws', '-o', join(cwd, 'frog.png'), '--json', '--url', server.url];
  const { child, ended } = startProcess(args);
  child.stdin?.end();
  await asked.promise;
  child.kill('SIGINT');
  await gone.promise;
  expect(await ended).toMatchObject({ code: 130, output: '', errors: '' });
  expect(readdirSync(cwd)).toEqual([]);
});

test('light commands load nothing heavy', async () => {
  const report = `
    import { registerHooks } from 'node:module';
    registerHooks({ load: (url, context, next) => { process._rawDebug(url); return next(url, context); } });`;
  await using server = await startSmallServer({ 'GET /models': models(model('tadpole')) });
  const node = ['--import', `data:text/javascript,${encodeURIComponent(report)}`];
  const { child, ended } = startProcess(['models', '--json', '--url', server.url], { node });
  child.stdin?.end();
  const { code, errors: loaded } = await ended;
  expect(code).toBe(0);
  expect(loaded).toContain('connection.ts');
  for (const heavy of ['node-llama-cpp', 'express', 'zod', '/server/', '/core/', 'onnxruntime'])
    expect(loaded).not.toContain(heavy);
});
