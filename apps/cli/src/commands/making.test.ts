import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../__fixtures__/run-in-process.ts';
import { type Answer, envelope, failing, json, model, models, startSmallServer } from '../__fixtures__/small-server.ts';

const id = 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn';
let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'anura-making-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const offered = models(model('draws', 'image'), model('films', 'video'), model('flite', 'speech'));

function bytes(content: string | Buffer, type: string): Answer {
  return (response) => response.writeHead(200, { 'Content-Type': type, 'Job-Offer-Id': id }).end(content);
}

function job(state: string, more: object = {}) {
  const times = { created_at: '2026-01-31T12:00:00Z', updated_at: '2026-01-31T12:00:01Z', history: [] };
  return { job_offer_id: id, job_state: state, kind: 'video', model: 'films', ...times, ...more };
}

const done = job('ResultsSubmitted', { result: { content_type: 'image/webp', size_bytes: 4, url: '/x' } });

/** Gives one answer after the other, the last for ever. */
function inTurn(...answers: Answer[]): Answer {
  return (response, request) => ((answers.length > 1 ? answers.shift() : answers[0]) as Answer)(response, request);
}

describe('image', () => {
  const start = () => startSmallServer({ 'GET /models': offered, 'POST /image/generate': bytes('PNG!', 'image/png') });

  test('saves the picture under the name it is given', async () => {
    await using server = await start();
    const args = ['image', 'a', 'frog', '--seed', '7', '--size', '64x48', '-n', 'moon', '-o', 'frog.png'];
    const { exitCode, stdout } = await run([...args, '--url', server.url], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toBe('Saved frog.png, 4 bytes, by draws.\n');
    expect(readFileSync(join(cwd, 'frog.png'), 'utf8')).toBe('PNG!');
    expect(server.requests[1]?.body).toEqual({
      prompt: 'a frog',
      model: 'draws',
      negative_prompt: 'moon',
      seed: 7,
      width: 64,
      height: 48,
    });
  });

  test('into a pipe goes the picture and nothing else', async () => {
    await using server = await start();
    const { stdout } = await run(['image', 'a frog', '-m', 'draws', '--url', server.url], { cwd });
    expect(stdout).toBe('PNG!');
  });

  test('takes the prompt from a pipe, and prints JSON', async () => {
    await using server = await start();
    const args = ['image', '-m', 'draws', '-o', 'x.png', '--json', '--url', server.url];
    const { stdout } = await run(args, { cwd, piped: 'a frog\n' });
    expect(JSON.parse(stdout)).toEqual({ file: 'x.png', size_bytes: 4, job_offer_id: id, model: 'draws' });
  });

  test('with --json a pipe gets JSON, and the picture a file of its own', async () => {
    await using server = await start();
    const { stdout, stderr } = await run(['image', 'a frog', '-m', 'draws', '--json', '--url', server.url], { cwd });
    expect([JSON.parse(stdout).file, stderr]).toEqual(['a-frog.png', '']);
    expect(readFileSync(join(cwd, 'a-frog.png'), 'utf8')).toBe('PNG!');
  });

  test('is shown as told before the name of its file', async () => {
    const png = PNG.sync.write(new PNG({ width: 2, height: 2 }));
    await using server = await startSmallServer({ 'POST /image/generate': bytes(png, 'image/png') });
    const args = ['image', 'a frog', '-m', 'draws', '-o', 'f.png', '--inline', 'kitty', '--url', server.url];
    const { stdout } = await run(args, { cwd });
    expect(stdout).toContain(`;${png.toString('base64')}\u001b\\\nSaved f.png`);
  });

  test.each([
    [['image', '--url', 'http://127.0.0.1:9'], '', 'There is no text'],
    [['image', 'x', '--size', 'large'], undefined, '64x64'],
    [['image', 'x', '--seed', '-1'], undefined, 'whole number'],
  ])('%j is a usage mistake', async (args, piped, message) => {
    const { exitCode, stderr } = await run(args, { cwd, ...(piped === undefined ? {} : { piped }) });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  test('a file that cannot be written is said in one line', async () => {
    await using server = await start();
    const { exitCode, stderr } = await run(['image', 'x', '-o', 'no/such/folder.png', '--url', server.url], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/error: .*folder\.png cannot be written \(ENOENT\)\.\n$/);
  });
});

describe('video', () => {
  test('watches its job to the end and saves what it made', async () => {
    await using server = await startSmallServer({
      'GET /models': offered,
      'POST /video/create-job': envelope({ job_offer_id: id }),
      [`GET /jobs/${id}`]: inTurn(envelope(job('DealAgreed', { progress: 0.5, estimated_seconds: 0 })), envelope(done)),
      [`GET /jobs/${id}/result`]: bytes('WEBP', 'image/webp'),
    });
    const { exitCode, stderr } = await run(['video', 'two frogs', '-o', 'v.webp', '--url', server.url], { cwd });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('DealAgreed  50 %  0 s left');
    expect(readFileSync(join(cwd, 'v.webp'), 'utf8')).toBe('WEBP');
  });

  test('Ctrl-C, or a file that cannot be written, leaves the video with the server and says how to get it', async () => {
    const interrupt = new AbortController();
    await using server = await startSmallServer({
      'GET /models': offered,
      'POST /video/create-job': envelope({ job_offer_id: id }),
      [`GET /jobs/${id}`]: envelope(done),
      [`GET /jobs/${id}/result`]: bytes('WEBP', 'image/webp'),
    });
    const args = ['video', 'two frogs', '-o', 'no/such/folder.webp', '--url', server.url];
    const unsaved = await run(args, { cwd });
    expect(unsaved.exitCode).toBe(1);
    expect(unsaved.stderr).toMatch(new RegExp(`warning: .*anura jobs result ${id}.*\nerror: .*ENOENT`));
    await using slow = await startSmallServer({
      'GET /models': offered,
      'POST /video/create-job': envelope({ job_offer_id: id }),
      [`GET /jobs/${id}`]: () => interrupt.abort(),
    });
    const stopped = await run(['video', 'two frogs', '--json', '--url', slow.url], { cwd, signal: interrupt.signal });
    expect(stopped.exitCode).toBe(130);
    expect(JSON.parse(stopped.stderr)).toEqual({ warning: expect.stringContaining(`anura jobs watch ${id}`) });
  });

  test('a job that failed is an error with its reason', async () => {
    const error = { message: 'The model drew nothing.', type: 'server_error', param: null, code: 'provider_failed' };
    await using server = await startSmallServer({
      'GET /models': offered,
      'POST /video/create-job': envelope({ job_offer_id: id }),
      [`GET /jobs/${id}`]: envelope(job('ResultsSubmitted', { error })),
    });
    const { exitCode, stderr } = await run(['video', 'two frogs', '-o', 'v.webp', '--url', server.url], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`ResultsSubmitted\nerror: Job ${id} has no result: The model drew nothing.\n`);
  });
});

describe('speak', () => {
  test('the name of the file says in which format', async () => {
    await using server = await startSmallServer({
      'GET /models': offered,
      'POST /audio/speech': bytes('ID3', 'audio/mpeg'),
    });
    const args = ['speak', 'The frogs are awake.', '--voice', 'fenrir', '--speed', '1.5', '-o', 'frogs.mp3'];
    expect((await run([...args, '--url', server.url], { cwd })).stdout).toBe('Saved frogs.mp3, 3 bytes, by flite.\n');
    expect(server.requests[1]?.body).toEqual({
      input: 'The frogs are awake.',
      model: 'flite',
      voice: 'fenrir',
      speed: 1.5,
      response_format: 'mp3',
    });
  });
});

test('a file whose name promises what is not in it comes with a warning', async () => {
  await using server = await startSmallServer({
    'GET /models': offered,
    'POST /image/generate': bytes('PNG!', 'image/png'),
    'POST /audio/speech': bytes('OggS', 'audio/ogg'),
  });
  const save = async (...args: string[]) => (await run([...args, '--url', server.url], { cwd })).stderr;
  expect(await save('image', 'x', '-o', 'x.jpg')).toContain(
    'warning: x.jpg holds image/png, whatever its name says.\n',
  );
  expect(await save('image', 'x', '-o', 'x.PNG', '--json')).toBe('');
  expect(await save('image', 'x', '-o', 'x.tmp', '--json')).toBe('');
  expect(await save('speak', 'x', '-o', 'x.ogg', '--json')).toBe('');
  expect(server.requests.at(-1)?.body).toMatchObject({ response_format: 'opus' });
});

describe('search', () => {
  test('prints what was found, without what could steer the terminal', async () => {
    const results = [{ title: 'Frogs\u001b[31m', url: 'https://frogs.example/', description: 'About frogs.' }];
    await using server = await startSmallServer({
      'POST /websearch': json({ results, related_queries: ['tree frogs'], count: 1 }),
    });
    const { stdout } = await run(['search', 'what', 'are', 'frogs?', '-c', '3', '--url', server.url]);
    expect(stdout).toBe('Frogs[31m\n  https://frogs.example/\n  About frogs.\n\nAlso: tree frogs\n');
    expect(server.requests[0]?.body).toEqual({ query: 'what are frogs?', number_of_results: 3 });
  });

  test('documents are added, listed and forgotten', async () => {
    writeFileSync(join(cwd, 'frogs.md'), '# Frogs\n\nThey sing at night.\n');
    const data = ['--data-dir', join(cwd, 'data')];
    const added = await run(['search', 'add', '.', '--collection', 'pond', ...data], { cwd });
    expect(added.stdout).toBe('1 document added, 0 unchanged, 0 removed.\n');
    expect((await run(['search', 'list', ...data], { cwd })).stdout).toMatch(/^COLLECTION +DOCUMENTS\npond +1\n$/);
    expect((await run(['search', 'rm', 'pond', ...data], { cwd })).stdout).toBe('Removed 1 document.\n');
    await run(['search', 'add', '.', ...data], { cwd });
    expect((await run(['search', 'rm', '.', ...data], { cwd })).stdout).toBe('Removed 1 document.\n');
    const gone = await run(['search', 'rm', 'pond', ...data], { cwd });
    expect([gone.exitCode, gone.stderr]).toEqual([1, expect.stringContaining('There is no collection pond.')]);
  });
});

describe('jobs', () => {
  test('a list has the states, failures by that name, and how to get more', async () => {
    const failed = job('ResultsSubmitted', { error: { message: 'x', type: 'x', param: null, code: null } });
    await using server = await startSmallServer({
      'GET /jobs': envelope({ jobs: [job('DealAgreed', { progress: 0.25 }), failed], next_cursor: 'abc' }),
    });
    const { stdout, stderr } = await run(['jobs', 'list', '--kind', 'video', '--limit', '2', '--url', server.url]);
    expect(stdout).toMatch(/DealAgreed {2}25 %\n.* failed\n$/);
    expect(stderr).toBe('More: anura jobs list --cursor abc\n');
    expect(server.requests[0]?.path).toBe('/jobs?limit=2&kind=video');
  });

  test('a job is watched, cancelled, and its result saved', async () => {
    await using server = await startSmallServer({
      [`GET /jobs/${id}`]: envelope(done),
      [`POST /jobs/${id}/cancel`]: envelope(job('JobOfferCancelled')),
      [`GET /jobs/${id}/result`]: bytes('WEBP', 'image/webp'),
    });
    const url = ['--url', server.url];
    expect((await run(['jobs', 'watch', id, ...url])).stdout).toContain('image/webp, 4 bytes');
    expect((await run(['jobs', 'cancel', id, ...url])).stdout).toContain('JobOfferCancelled');
    expect((await run(['jobs', 'result', id, '-o', 'v.webp', ...url], { cwd })).exitCode).toBe(0);
    expect(readFileSync(join(cwd, 'v.webp'), 'utf8')).toBe('WEBP');
  });

  test('a job that is not there is said so', async () => {
    await using server = await startSmallServer({ [`GET /jobs/${id}`]: failing(404, 'There is no job with this id.') });
    const { exitCode, stderr } = await run(['jobs', 'watch', id, '--url', server.url]);
    expect([exitCode, stderr]).toEqual([1, 'error: There is no job with this id.\n']);
  });
});
