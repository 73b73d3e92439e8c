import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunOptions, run } from '../__fixtures__/run-in-process.ts';
import { type Answer, envelope, failing, model, models, startSmallServer } from '../__fixtures__/small-server.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'anura-login-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const key = 'anr_0123456789abcdef0123456789';
const anura = (args: readonly string[], options: RunOptions = {}) => run(args, { home, ...options });
const saved = (name = 'default') => join(home, `.config/anura/profiles/${name}.json`);

/** Knows one key. */
const startAnura = () =>
  startSmallServer({
    'GET /health': envelope({ state: 'ok', version: '1.2.3', models: 1 }),
    'GET /models': ((response, request) => {
      const answer = request.authorization === `Bearer ${key}` ? models(model('tadpole')) : failing(401, 'Not known.');
      answer(response, request);
    }) satisfies Answer,
  });

describe('login', () => {
  test('saves what the server takes, and the commands after it need nothing more', async () => {
    await using server = await startAnura();
    const { exitCode, stdout, stderr } = await anura(['login', server.url, '--key', key]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Saved the profile default: Anura 1.2.3 at ${server.url}, with 1 model.`);
    expect(stdout).not.toContain(key);
    expect((await anura(['models'])).stdout).toContain('tadpole');
    expect(server.requests.at(-1)?.authorization).toBe(`Bearer ${key}`);
  });

  test('asks for both on a terminal, and never shows the key', async () => {
    await using server = await startAnura();
    const typed = { Server: `${server.url}\r`, 'API key': `${key}\r` };
    const { exitCode, stdout, stderr } = await anura(['login'], { typed });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Saved the profile default')]);
    expect(stderr).toContain('API key');
    for (const part of [key, key.slice(0, 12), key.slice(-6)]) expect(stdout + stderr).not.toContain(part);
  });

  test('Ctrl-C at a question ends with 130 and saves nothing', async () => {
    await using server = await startAnura();
    const { exitCode } = await anura(['login', server.url], { typed: { 'API key': `${key}\u0003` } });
    expect([exitCode, existsSync(saved())]).toEqual([130, false]);
  });

  test('takes the key from a pipe', async () => {
    await using server = await startAnura();
    const { exitCode, stdout } = await anura(['login', server.url, '--json'], { piped: `${key}\n` });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ profile: 'default', url: server.url, version: '1.2.3', models: 1 });
    expect(JSON.parse(readFileSync(saved(), 'utf8'))).toEqual({ url: server.url, key });
  });

  test('takes the key of the environment where nobody can be asked', async () => {
    await using server = await startAnura();
    const { exitCode } = await anura(['login'], { piped: '', env: { ANURA_URL: server.url, ANURA_API_KEY: key } });
    expect([exitCode, JSON.parse(readFileSync(saved(), 'utf8'))]).toEqual([0, { url: server.url, key }]);
  });

  test('saves nothing that the server refuses', async () => {
    await using server = await startAnura();
    const { exitCode, stderr } = await anura(['login', server.url, '--key', 'wrong']);
    expect([exitCode, existsSync(saved())]).toEqual([1, false]);
    expect(stderr).toMatch(/^error: Not known\. `anura login` saves one/);
  });

  test('sends no key to what is no Anura', async () => {
    await using server = await startSmallServer({});
    const { exitCode } = await anura(['login', server.url, '--key', key]);
    expect([exitCode, server.requests.map(({ authorization }) => authorization)]).toEqual([1, [undefined]]);
  });

  test.each([
    ['', 2, 'There is no key.'],
    [`${key}\n${key}`, 1, 'The key holds a space, a line break'],
    ['anr_ä', 1, 'a character no key has'],
  ])('refuses the key %j before anybody sees it', async (piped, code, message) => {
    await using server = await startAnura();
    const { exitCode, stderr } = await anura(['login', server.url], { piped });
    expect([exitCode, server.requests.length]).toEqual([code, 1]);
    expect(stderr).toContain(message);
  });

  test('refuses names that lead elsewhere and addresses with passwords', async () => {
    expect((await anura(['login', '--profile', '../x'])).stderr).toContain('A profile cannot be called "../x"');
    const { exitCode, stderr } = await anura(['login', 'http://frog:secret@a.example', '--key', key]);
    expect([exitCode, stderr.includes('secret')]).toEqual([2, false]);
  });

  test('does not write over a file that is broken', async () => {
    mkdirSync(join(home, '.config/anura/profiles'), { recursive: true });
    writeFileSync(saved(), '{"url": "http://a.exam');
    const { exitCode, stderr } = await anura(['login', 'http://a.example', '--key', key]);
    expect([exitCode, readFileSync(saved(), 'utf8')]).toEqual([1, '{"url": "http://a.exam']);
    expect(stderr).toContain('is no profile. `anura logout default` takes it away');
  });

  // A file where the folder should be stands for a folder without the right to write, which root has everywhere.
  test('says where it may not write', async () => {
    await using server = await startAnura();
    writeFileSync(join(home, '.config'), '');
    const { exitCode, stderr } = await anura(['login', server.url, '--key', key]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('cannot be used (ENOTDIR)')]);
    expect(stderr).not.toContain(key);
  });
});

describe('profiles', () => {
  const write = (name: string, text: string) => {
    mkdirSync(join(home, '.config/anura/profiles'), { recursive: true });
    writeFileSync(saved(name), text, { mode: 0o600 });
  };
  const profile = (url: string) => JSON.stringify({ url, key });

  test('are listed without their keys, broken ones too', async () => {
    write('default', profile('http://a.example'));
    write('work', '?');
    const { stdout } = await anura(['profiles']);
    expect(stdout).toMatch(
      /^ +NAME +SERVER +KEY\n\* +default +http:\/\/a\.example +anr_0123…\n +work +- +- +.*no profile/,
    );
    const listed = JSON.parse((await anura(['profiles', '--json'])).stdout);
    expect(listed).toEqual([
      { name: 'default', current: true, url: 'http://a.example', key: 'anr_0123…' },
      { name: 'work', current: false, error: expect.stringContaining('no profile') },
    ]);
  });

  test('take turns with use, and end with logout', async () => {
    write('default', profile('http://a.example'));
    write('work', profile('http://b.example'));
    expect((await anura(['use', 'work'])).stdout).toBe('Commands talk to http://b.example from now on.\n');
    expect((await anura(['profiles'])).stdout).toMatch(/^\* +work /m);
    expect((await anura(['logout'])).stdout).toContain('Forgot the profile work.');
    expect((await anura(['profiles'])).stdout).toMatch(/^\* +default /m);
  });

  test.each([
    ['use', 'home'],
    ['logout', 'home'],
  ])('%s of one that is not there says so', async (...args) => {
    const { exitCode, stderr } = await anura(args);
    expect([exitCode, stderr]).toEqual([1, 'error: There is no profile home. `anura profiles` lists them.\n']);
  });
});
