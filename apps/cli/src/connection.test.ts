import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collector } from './__fixtures__/run-in-process.ts';
import { type ConnectionOptions, findPlace } from './connection.ts';
import { ProfileStore } from './profiles/profile-store.ts';
import { isSameServer } from './server-url.ts';

let home = '';
let warnings = collector();

/** `default` is the current profile, `work` another. */
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'anura-connection-'));
  warnings = collector();
  const store = new ProfileStore({ env: {}, home });
  await store.save({ name: 'default', url: 'http://default.example', key: 'default-key' });
  await store.save({ name: 'work', url: 'http://work.example', key: 'work-key' });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function find(options: ConnectionOptions, env: Record<string, string> = {}) {
  const { url, key } = findPlace(options, { env, home, stderr: warnings.stream });
  return { url, key };
}

const environment = { ANURA_URL: 'http://env.example', ANURA_API_KEY: 'env-key' };

describe('what is nearer wins', () => {
  test.each([
    ['the current profile, when nothing else is said', {}, {}, 'http://default.example', 'default-key'],
    ['variables before the current profile', {}, environment, 'http://env.example', 'env-key'],
    ['a profile in a variable', {}, { ANURA_PROFILE: 'work' }, 'http://work.example', 'work-key'],
    [
      'a profile in a flag before one in a variable',
      { profile: 'default' },
      { ANURA_PROFILE: 'work' },
      'http://default.example',
      'default-key',
    ],
    ['a profile in a flag before variables', { profile: 'work' }, environment, 'http://work.example', 'work-key'],
    [
      'variables before a profile in a variable',
      {},
      { ...environment, ANURA_PROFILE: 'work' },
      'http://env.example',
      'env-key',
    ],
    [
      'flags before everything',
      { url: 'http://flag.example', key: 'flag-key', profile: 'work' },
      environment,
      'http://flag.example',
      'flag-key',
    ],
    ['a key in a flag, at the server of the profile', { key: 'flag-key' }, {}, 'http://default.example', 'flag-key'],
    [
      'empty variables are none',
      {},
      { ANURA_URL: '', ANURA_API_KEY: '', ANURA_PROFILE: '' },
      'http://default.example',
      'default-key',
    ],
  ])('%s', (_, options, env, url, key) => {
    expect(find(options, env)).toEqual({ url, key });
  });

  test('without anything it is the address anura serve has', () => {
    rmSync(home, { recursive: true });
    expect(find({})).toEqual({ url: 'http://127.0.0.1:8484', key: undefined });
  });
});

describe('the key of a profile', () => {
  test.each([
    [{ url: 'http://elsewhere.example' }, {}],
    [{ url: 'https://default.example' }, {}],
    [{ url: 'http://default.example:8080' }, {}],
    [{ url: 'http://default.example.evil.example' }, {}],
    [{ url: 'http://default.example/other' }, {}],
    [{ url: 'http://elsewhere.example', profile: 'work' }, {}],
    [{}, { ANURA_URL: 'http://elsewhere.example' }],
  ])('does not go to another server: %j %j', (options, env) => {
    expect(find(options, env).key).toBeUndefined();
  });

  test.each(['http://default.example/', 'http://DEFAULT.example:80/api/v1', 'http://default.example/v1/'])(
    'goes to its own, also written %s',
    (url) => {
      expect(find({ url })).toEqual({ url, key: 'default-key' });
    },
  );

  test('is spoken of when others can read it', () => {
    const path = join(home, '.config/anura/profiles/default.json');
    chmodSync(path, 0o644);
    find({});
    expect(warnings.text()).toBe(`warning: Others on this machine can read the key in ${path}: chmod 600 it.\n`);
  });
});

test('a profile that is not there is said so, but for the one nobody asked for', () => {
  expect(() => find({ profile: 'home' })).toThrow('There is no profile home. `anura login --profile home` makes it');
  expect(() => find({}, { ANURA_PROFILE: 'home' })).toThrow('There is no profile home.');
});

test('an address with a password in it is refused without repeating it', () => {
  const message = 'The address of a.example holds a name or password. Leave it out; --key gives the key.';
  expect(() => find({ url: 'http://frog:secret@a.example' })).toThrow(message);
});

test('what is no address is the same as nothing', () => {
  expect(isSameServer('localhost:8484', 'nonsense')).toBe(false);
});
