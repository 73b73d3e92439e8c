import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { testSearchEngine } from '../search-engine.conformance.ts';
import { type LocalSearch, type LocalSearchOptions, openLocalSearch } from './local-search.ts';

const signal = new AbortController().signal;

const pond = {
  'frogs.md': '# Frogs of the pond\nFrogs sleep in the mud of the pond through winter.',
  'newts.md': '# Newts\nNewts breed in a pond in spring, as amphibians do.',
  'guide/herons.txt': 'Herons\n\nA heron stands in the pond and waits for amphibians.',
  'guide/lilies.html': '<title>Water lilies</title><p>Lilies shade the pond; amphibians hide <b>under</b> them.</p>',
  'schedule.md': '# Scheduling\nThe scheduler schedules jobs; nothing wet here.',
  '日本.md': '# 蛙の池\n古池や蛙飛びこむ水の音。',
  'café.md': '# Le Café\nUn étang près du café.',
  'ignored.bin': 'pond',
  '.hidden/secret.md': '# Secret pond',
  'node_modules/x/readme.md': '# Module pond',
};

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'anura-search-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

describe('the search over documents of one’s own', () => {
  let folder: string;
  let search: LocalSearch;
  beforeAll(async () => {
    folder = await folderOf(pond);
    search = openLocalSearch({
      path: ':memory:',
      shipped: [{ folder, collection: 'pond', baseUrl: 'https://pond.example/docs' }],
    });
  });
  afterAll(async () => {
    await search.close();
    await search.close();
    await rm(folder, { recursive: true });
  });
  const find = async (query: string, count = 10) => (await search.search({ query, count, signal })).results;
  const titles = async (query: string) => (await find(query)).map(({ title }) => title);

  testSearchEngine('local', () => search);

  it('answers out of the box from the folders that come with it, hidden files and modules left out', async () => {
    expect(await titles('pond')).toEqual(
      expect.arrayContaining(['Frogs of the pond', 'Newts', 'Herons', 'Water lilies']),
    );
    expect(search.collections()).toEqual([{ collection: 'pond', documents: 7 }]);
  });

  it('gives addresses under the folder’s own, and the place in the text where the words are', async () => {
    expect(await find('heron amphibians', 1)).toEqual([
      {
        title: 'Herons',
        url: 'https://pond.example/docs/guide/herons.txt',
        description: expect.stringContaining('heron stands in the pond'),
      },
    ]);
  });

  it('puts first what has the words in its title and what has all of them', async () => {
    expect((await titles('frogs'))[0]).toBe('Frogs of the pond');
    expect((await titles('lilies amphibians'))[0]).toBe('Water lilies');
  });

  it('finds other forms of a word, beginnings of words, and words without their accents', async () => {
    expect(await titles('schedules')).toContain('Scheduling');
    expect(await titles('amphib')).toContain('Newts');
    expect(await titles('cafe ETANG')).toContain('Le Café');
  });

  it('finds a word inside Japanese text and shows the text as it was written', async () => {
    expect(await find('蛙飛び')).toEqual([
      expect.objectContaining({ title: '蛙の池', description: expect.stringContaining('古池や蛙飛びこむ水の音。') }),
    ]);
    expect(await find('池蛙')).toEqual([]);
  });

  it('suggests words that stand beside the query in several documents', async () => {
    const { related_queries: related } = await search.search({ query: 'pond', count: 1, signal });
    expect(related).toContain('pond amphibians');
  });

  it('finds nothing, and suggests nothing, where nothing is', async () => {
    expect(await search.search({ query: 'zzzqx', count: 3, signal })).toEqual({ results: [], related_queries: [] });
  });
});

describe('the index', () => {
  it('suggests a past query only once it was asked three times, to others who ask alike', async () => {
    const { search } = await open({ 'a.md': '# Frogs\nGreen frogs sing at night.' });
    const ask = (query: string) => search.search({ query, count: 1, signal });
    await ask('frogs at night');
    await ask('Frogs at Night');
    expect((await ask('frogs')).related_queries).not.toContain('frogs at night');
    await ask('frogs at night');
    expect((await ask('frogs')).related_queries[0]).toBe('frogs at night');
    expect((await ask('sing')).related_queries).not.toContain('frogs at night');
  });

  it('keeps no queries where it was told not to', async () => {
    const { search } = await open({ 'a.md': '# Frogs\nGreen frogs sing at night.' }, { rememberQueries: false });
    const ask = (query: string) => search.search({ query, count: 1, signal });
    for (let time = 0; time < 4; time += 1) await ask('frogs at night');
    expect((await ask('frogs')).related_queries).not.toContain('frogs at night');
  });

  it('reads again only what changed, and takes out what is gone', async () => {
    const { search, folder } = await open(
      { 'a.md': '# A\nfrogs', 'b.md': '# B\nfrogs', 'c.md': '# C\nfrogs' },
      { shipped: [] },
    );
    expect(await search.addFolder(folder, { collection: 'x' })).toEqual({
      added: 3,
      unchanged: 0,
      removed: 0,
      skipped: [],
    });
    await writeFile(join(folder, 'a.md'), '# A\nnewts');
    await utimes(join(folder, 'a.md'), 1, 1);
    await rm(join(folder, 'b.md'));
    expect(await search.addFolder(folder, { collection: 'x' })).toEqual({
      added: 1,
      unchanged: 1,
      removed: 1,
      skipped: [],
    });
    const { results } = await search.search({ query: 'frogs', count: 10, signal });
    expect(results.map(({ title }) => title)).toEqual(['C']);
    expect(search.remove('x')).toBe(2);
    expect(search.remove('x')).toBe(0);
  });

  it('is kept in its file', async () => {
    const { folder } = await open({ 'a.md': '# A\nfrogs' });
    const path = join(folder, 'data', 'search.sqlite');
    const first = openLocalSearch({ path });
    await first.addFolder(folder, { collection: 'x' });
    await first.close();
    const second = openLocalSearch({ path });
    onTestFinished(() => second.close());
    expect((await second.search({ query: 'frogs', count: 3, signal })).results).toHaveLength(1);
    expect(await second.addFolder(folder, { collection: 'x' })).toMatchObject({ added: 0, unchanged: 1 });
  });

  it('does not show where a folder is on this machine', async () => {
    const { search, folder } = await open({}, { shipped: [] });
    await writeFile(join(folder, 'a b.md'), '# A\nfrogs');
    await search.addFolder(folder);
    const { results } = await search.search({ query: 'frogs', count: 3, signal });
    expect(results.map(({ url }) => url)).toEqual([`local://${folder.split('/').at(-1)}/a%20b.md`]);
  });

  it('follows no links and says which files it could not take', async () => {
    const { search, folder } = await open({ 'big.txt': 'x'.repeat(5 * 1024 * 1024 + 1), 'binary.md': 'a\0b' });
    await symlink('/etc', join(folder, 'etc'));
    await symlink(folder, join(folder, 'self'));
    const { skipped, added } = await search.addFolder(folder, { collection: 'x' });
    expect(added).toBe(0);
    expect(skipped.map(({ name }) => name).sort()).toEqual(['big.txt', 'binary.md']);
  });

  it('refuses a folder that is not there, and goes on without one that should have come with it', async () => {
    const warnings: string[] = [];
    const log = { warn: (_details: object, message: string) => void warnings.push(message) };
    const shipped = [{ folder: '/nowhere/at/all', collection: 'docs' }];
    const search = openLocalSearch({ path: ':memory:', shipped, log });
    onTestFinished(() => search.close());
    await expect(search.addFolder('/nowhere/at/all')).rejects.toMatchObject({ code: 'invalid-request' });
    expect((await search.search({ query: 'frogs', count: 1, signal })).results).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  it('stops adding when it is told to, and keeps what it had', async () => {
    const files = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}.md`, `# ${index}\nfrogs`]));
    const { search, folder } = await open(files);
    const stop = new AbortController();
    const adding = search.addFolder(folder, {
      collection: 'x',
      signal: stop.signal,
      onProgress: (done) => done === 50 && stop.abort(),
    });
    await expect(adding).rejects.toMatchObject({ code: 'cancelled' });
    expect(search.collections()).toEqual([expect.objectContaining({ collection: 'x', documents: 32 })]);
  });

  it('takes one file as well as a folder', async () => {
    const { search, folder } = await open(
      { 'README.md': '# Read me\nfrogs', 'other.md': '# Other\nfrogs' },
      { shipped: [] },
    );
    await search.addFolder(join(folder, 'README.md'), { collection: 'readme', baseUrl: 'https://x.example' });
    const { results } = await search.search({ query: 'frogs', count: 3, signal });
    expect(results.map(({ url }) => url)).toEqual(['https://x.example/README.md']);
  });

  it('says that it cannot be used once it is closed', async () => {
    const { search } = await open({ 'a.md': '# A\nfrogs' });
    await search.close();
    await expect(search.search({ query: 'frogs', count: 3, signal })).rejects.toMatchObject({ code: 'internal' });
  });

  it('says which file it is that is no index', async () => {
    const { folder } = await open({ 'broken.sqlite': 'this is not a database, whatever its name says'.repeat(40) });
    const path = join(folder, 'broken.sqlite');
    expect(() => openLocalSearch({ path })).toThrow(
      expect.objectContaining({ code: 'internal', message: expect.stringContaining(path) }),
    );
  });
});

describe('pages of a list', () => {
  it('are fetched, followed through redirects, and kept when they are out of reach for once', async () => {
    const { search } = await open({}, { pages: { allowPrivateAddresses: true, timeoutMs: 2_000, mostBytes: 10_000 } });
    await using site = await startSite();
    const list = ['/a', '/moved', '/gone', '/picture', '/huge', '/loop'].map((path) => site.url + path).join('\n');
    const report = await search.addPages(list, { collection: 'web' });
    expect(report).toMatchObject({ added: 2, unchanged: 0 });
    expect(report.skipped.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/answered 404/),
      expect.stringMatching(/image\/png/),
      expect.stringMatching(/more than 10000 bytes/),
      expect.stringMatching(/more than 5 times/),
    ]);
    expect(await search.addPages(list, { collection: 'web' })).toMatchObject({ added: 0, unchanged: 2 });
    const { results } = await search.search({ query: 'étang', count: 3, signal });
    expect(results.map(({ url }) => url)).toContain(`${site.url}/a`);
    site.fail = true;
    expect(await search.addPages(list, { collection: 'web' })).toMatchObject({ added: 0, removed: 0 });
    expect(await search.addPages(`${site.url}/a`, { collection: 'web' })).toMatchObject({ removed: 1 });
  });

  it('are not fetched from a private network, by address, by name or by redirect', async () => {
    const { search } = await open({});
    await using site = await startSite();
    const port = new URL(site.url).port;
    const list = [
      site.url,
      `http://localhost:${port}/a`,
      `http://[::1]:${port}/a`,
      'http://169.254.169.254/latest',
      'http://2130706433/',
    ];
    const { added, skipped } = await search.addPages(list.join('\n'), { collection: 'web' });
    expect(added).toBe(0);
    expect(skipped).toHaveLength(list.length);
    for (const { reason } of skipped) expect(reason).toMatch(/private network/);
    expect(site.requests).toBe(0);
  });
});

async function open(files: Readonly<Record<string, string>>, options: Partial<LocalSearchOptions> = {}) {
  const folder = await folderOf(files);
  const shipped = [{ folder, collection: 'shipped' }];
  const search = openLocalSearch({ path: ':memory:', shipped, ...options });
  onTestFinished(async () => {
    await search.close();
    await rm(folder, { recursive: true });
  });
  return { search, folder };
}

async function startSite() {
  const pages: Readonly<Record<string, [number, Record<string, string>, string | Buffer]>> = {
    '/a': [
      200,
      { 'content-type': 'text/html; charset="iso-8859-1"' },
      Buffer.from('<title>A</title><p>Un étang', 'latin1'),
    ],
    '/moved': [301, { location: '/b' }, ''],
    '/b': [200, { 'content-type': 'text/markdown' }, '# B\nfrogs'],
    '/picture': [200, { 'content-type': 'image/png' }, 'x'],
    '/huge': [200, { 'content-type': 'text/plain' }, 'x'.repeat(20_000)],
    '/loop': [302, { location: '/loop' }, ''],
  };
  const state = { requests: 0, fail: false };
  const server = createServer((request, response) => {
    state.requests += 1;
    const [status, headers, body] = (state.fail ? undefined : pages[request.url ?? '']) ?? [404, {}, 'no'];
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
