import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../__fixtures__/run-in-process.ts';
import { runShell } from '../__fixtures__/run-shell.ts';
import { endless, envelope, failing, model, models, startSmallServer } from '../__fixtures__/small-server.ts';

const offered = {
  'GET /models': models(model('llama3.1:8b'), model('sdxl', 'image'), model('$(reboot)'), model('-rf'), model('a b')),
};

/** What Tab offers behind these words; the last is the one being typed. */
async function offers(...words: readonly string[]): Promise<string[]> {
  const { stdout } = await run(['complete', 'fish', '--', ...words]);
  return stdout.split('\n').flatMap((line) => line.split('\t')[0] || []);
}

describe('Tab offers', () => {
  test.each([
    ['commands', ['ch'], ['chat']],
    ['commands below commands', ['jobs', 'wa'], ['watch']],
    ['commands to be helped with', ['help', 'us'], ['usage', 'use']],
    ['options', ['chat', '--te'], ['--temperature']],
    ['options behind other options and their values', ['chat', '--seed', '1', '-t', '0', '--max'], ['--max-tokens']],
    ['the settings of the server', ['serve', '--llama-g'], ['--llama-gpu']],
    ['choices of options', ['jobs', 'list', '--kind', 'v'], ['video']],
    ['choices in the same word', ['jobs', 'list', '--kind=v'], ['--kind=video']],
    ['choices of arguments', ['completion', ''], ['bash', 'zsh', 'fish', 'powershell']],
    ['voices', ['speak', '-v', 'h'], ['heart']],
    ['nothing behind --', ['chat', '--', '--te'], []],
    ['nothing where anything may stand', ['chat', '--seed', ''], []],
    ['nothing for what is no command', ['nonsense', 'x'], []],
    ['no hidden command', ['comple'], ['completion']],
  ])('%s', async (_, words, expected) => {
    expect(await offers(...words)).toEqual(expected);
  });

  test('the models of the server that the line names, of the kind that fits, if they mean nothing to a shell', async () => {
    await using server = await startSmallServer(offered);
    expect(await offers('chat', '--url', server.url, '--key', 'k', 'l')).toEqual(['llama3.1:8b']);
    expect(await offers('chat', `--url=${server.url}`, '')).toEqual(['llama3.1:8b']);
    expect(await offers('image', '-u', server.url, '-m', '')).toEqual(['sdxl']);
    expect(await offers('explain', '--url', server.url, '')).toEqual(['llama3.1:8b', 'sdxl']);
    expect(server.requests[0]?.authorization).toBe('Bearer k');
  });

  test('the jobs and keys of the server', async () => {
    const job = { job_offer_id: 'QmJob', kind: 'video', model: 'wan', job_state: 'DealAgreed' };
    const key = { id: 'key_1', name: 'laptop', prefix: 'anr_1' };
    await using server = await startSmallServer({
      'GET /jobs': envelope({ jobs: [job], next_cursor: null }),
      'GET /keys': envelope({ keys: [key, { ...key, id: 'key_2', revoked_at: '2026-01-01T00:00:00Z' }] }),
    });
    const { stdout } = await run(['complete', 'fish', '--', 'jobs', 'watch', '--url', server.url, '']);
    expect(stdout).toBe('QmJob\tvideo by wan, DealAgreed\n');
    expect(await offers('keys', 'revoke', 'key_9', '--url', server.url, '')).toEqual(['key_1']);
  });

  test('nothing, soon and silently, when the server fails or does not answer', async () => {
    await using server = await startSmallServer({ 'GET /models': failing(500, 'No.'), 'GET /jobs': endless('x') });
    const startedAt = performance.now();
    for (const words of [
      ['chat', ''],
      ['jobs', 'show', ''],
      ['chat', '--profile', 'nope', ''],
    ]) {
      const { exitCode, stdout, stderr } = await run([
        'complete',
        'fish',
        '--',
        ...words.toSpliced(-1, 0, '--url', server.url),
      ]);
      expect([exitCode, stdout, stderr]).toEqual([0, '', '']);
    }
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

test('bash gets what it leaves to be replaced: what stands behind the last colon', async () => {
  await using server = await startSmallServer(offered);
  const ask = async (typed: string, breaks: string) =>
    (await run(['complete', 'bash', '--', `anura chat --url ${server.url} ${typed}`, breaks])).stdout;
  expect(await ask('llama3.1:', ' :=')).toBe('8b\n');
  expect(await ask('llama3.1:', ' ')).toBe('llama3.1:8b\n');
  expect(await ask('--model=ll', ' :=')).toBe('llama3.1:8b\n');
});

test('zsh gets descriptions behind a colon, and colons with a backslash', async () => {
  await using server = await startSmallServer(offered);
  const { stdout } = await run(['complete', 'zsh', '--', 'chat', '--url', server.url, '']);
  expect(stdout).toBe('llama3.1\\:8b:chat, loaded\n');
});

describe('in a real shell', () => {
  let bin = '';
  beforeAll(() => {
    bin = mkdtempSync(join(tmpdir(), 'anura-completion-'));
    const main = fileURLToPath(new URL('../main.ts', import.meta.url));
    writeFileSync(join(bin, 'anura'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, { mode: 0o755 });
  });
  afterAll(() => rmSync(bin, { recursive: true, force: true }));

  const has = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;
  const answer = (shell: string, args: readonly string[]) =>
    runShell(shell, args, { PATH: `${bin}${delimiter}${process.env['PATH']}`, HOME: bin, TERM: 'dumb' });

  test.skipIf(!has('bash'))('bash completes (where there is a bash)', async () => {
    await using server = await startSmallServer(offered);
    const line = `anura explain --url ${server.url} llama3.1:`;
    // As bash calls it for this line, which it cuts at the colons; sourced twice, as a nested shell does.
    const script = `
      source <(anura completion bash); source <(anura completion bash)
      COMP_LINE='${line}' COMP_POINT=${line.length}
      $(complete -p anura | sed 's/.*-F \\([^ ]*\\).*/\\1/') anura : llama3.1
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(await answer('bash', ['--norc', '-c', script])).toBe('8b\n');
  });

  test.skipIf(!has('zsh'))('zsh completes (where there is a zsh)', async () => {
    // `_describe` needs a terminal; what it is given is what counts.
    const script = `
      compdef() { print "compdef $*" }
      _describe() { print -l "\${(@P)4}" }
      source <(anura completion zsh)
      words=(anura jobs li) CURRENT=3 PREFIX=li; _anura`;
    expect(await answer('zsh', ['-f', '-c', script])).toBe(
      'compdef _anura anura\nlist:list the jobs of this key, newest first\n',
    );
  });

  test.skipIf(!has('fish'))('fish completes (where there is a fish)', async () => {
    const script =
      'anura completion fish | source; complete -C "anura jobs li"; complete -C "anura chat (touch $HOME/ran) --tem"; ls $HOME';
    expect(await answer('fish', ['-N', '-c', script])).toBe(
      'list\tlist the jobs of this key, newest first\n--temperature\tfrom 0, always the same, to 2, wild\nanura\n',
    );
  });
});
