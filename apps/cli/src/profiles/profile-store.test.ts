import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { maskedKey } from './profile.ts';
import { profileFolder } from './profile-folder.ts';
import { ProfileStore } from './profile-store.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'anura-profiles-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const key = 'anr_0123456789abcdef';
const profile = (name: string) => ({ name, url: `http://${name}.example`, key });
const open = () => new ProfileStore({ env: {}, home });

test.each([
  ['linux', {}, '/home/frog/.config/anura'],
  ['linux', { XDG_CONFIG_HOME: '/etc/frog' }, '/etc/frog/anura'],
  ['linux', { XDG_CONFIG_HOME: 'relative' }, '/home/frog/.config/anura'],
  ['win32', { APPDATA: '/appdata' }, '/appdata/anura'],
  ['win32', { XDG_CONFIG_HOME: '/etc/frog' }, '/home/frog/AppData/Roaming/anura'],
] as const)('on %s with %j profiles are in %s', (platform, env, folder) => {
  expect(profileFolder({ env, home: '/home/frog' }, platform)).toBe(folder);
});

test('what was saved is read again, and is for the user alone', async () => {
  await open().save(profile('work'));
  await open().choose('work');
  expect(open().read('work')).toEqual(profile('work'));
  expect([open().names(), open().current()]).toEqual([['work'], 'work']);
  expect(open().exposedFile('work')).toBeUndefined();
  const folder = join(home, '.config/anura/profiles');
  expect([statSync(folder).mode & 0o777, statSync(join(folder, 'work.json')).mode & 0o777]).toEqual([0o700, 0o600]);
});

test('a file that others can read is found', async () => {
  await open().save(profile('work'));
  const path = join(home, '.config/anura/profiles/work.json');
  chmodSync(path, 0o644);
  expect(open().exposedFile('work')).toBe(path);
  await open().save(profile('work'));
  expect(open().exposedFile('work')).toBeUndefined();
});

test('twenty logins at once lose nothing and leave no half files', async () => {
  const names = Array.from({ length: 10 }, (_, number) => `p${number}`);
  await Promise.all([...names, ...names].map((name) => open().save(profile(name))));
  expect(
    open()
      .names()
      .map((name) => open().read(name)?.name),
  ).toEqual(names);
  expect(readdirSync(join(home, '.config/anura/profiles'))).toHaveLength(10);
});

test('when the current profile is removed, the default one is current again', async () => {
  await open().save(profile('work'));
  await open().choose('work');
  expect([open().remove('work'), open().remove('work')]).toEqual([true, false]);
  expect([open().names(), open().current()]).toEqual([[], 'default']);
});

test.each(['', '../x', 'a/b', 'A', '.hidden', 'x'.repeat(41), 'a b', 'a\nb'])('%j is no name', async (name) => {
  expect(() => open().read(name)).toThrow('A profile cannot be called');
  await expect(open().save({ ...profile('x'), name })).rejects.toThrow('A profile cannot be called');
});

test.each(['', '{', '[]', 'null', '{"url": 1, "key": "x"}'])(
  'a file with %j is said to be broken, and stays',
  (text) => {
    const folder = join(home, '.config/anura/profiles');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'work.json'), text);
    expect(() => open().read('work')).toThrow(/work\.json is no profile\. `anura logout work` takes it away/);
    expect(readFileSync(join(folder, 'work.json'), 'utf8')).toBe(text);
    expect(open().remove('work')).toBe(true);
  },
);

test('without a home there are no profiles, and none can be made', async () => {
  const homeless = new ProfileStore({ env: {}, home: '' });
  expect([homeless.names(), homeless.read('default'), homeless.current()]).toEqual([[], undefined, 'default']);
  await expect(homeless.save(profile('work'))).rejects.toThrow('set HOME or XDG_CONFIG_HOME');
});

test('a folder that cannot be made says which and why', async () => {
  writeFileSync(join(home, '.config'), 'a file');
  await expect(open().save(profile('work'))).rejects.toThrow(/\.config\/anura.* cannot be used \(E\w+\)/);
});

test('of a key, its beginning is shown; of a short one nothing', () => {
  expect([maskedKey(key), maskedKey('secret')]).toEqual(['anr_0123…', '…']);
});
