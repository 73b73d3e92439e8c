import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../__fixtures__/run-in-process.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'anura-cli-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

test('config print shows what is in effect, where it came from, and no secret', async () => {
  writeFileSync(join(cwd, 'anura.config.yaml'), 'body_limit: 1mb\n');
  const env = { ANURA_API_KEY: 'a-secret-of-mine', ANURA_LOG_LEVEL: 'debug' };
  const { exitCode, stdout } = await run(['config', 'print', '--port', '9000', '--no-docs'], { cwd, env });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('port: 9000 # flag --port');
  expect(stdout).toContain('docs: false # flag --docs');
  expect(stdout).toContain('level: debug # env ANURA_LOG_LEVEL');
  expect(stdout).toContain('body_limit: 1mb # file anura.config.yaml:1');
  expect(stdout).not.toContain('a-secret-of-mine');
});

test('config print --json is for programs', async () => {
  const { stdout } = await run(['config', 'print', '--json', '--llama-gpu', 'off'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({
    file: null,
    values: { llama: { gpu: 'off' } },
    origins: { 'llama.gpu': { from: 'flag', name: '--llama-gpu' }, port: { from: 'default' } },
  });
});

test('config check lists every mistake by its line', async () => {
  writeFileSync(join(cwd, 'anura.config.yaml'), 'prot: 1\nlog: {level: loud}\n');
  const { exitCode, stdout, stderr } = await run(['config', 'check'], { cwd });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr.split('\n')).toEqual([
    'error: The configuration has mistakes:',
    '  anura.config.yaml:1: prot: unknown key, did you mean "port"?',
    '  anura.config.yaml:2: log.level: expected one of trace, debug, info, warn, error, silent, got "loud"',
    '',
  ]);
});

test('config check says when all is well, and warns of what may not be meant', async () => {
  const { exitCode, stderr } = await run(['config', 'check'], { cwd, env: { ANURA_PROT: '1' } });
  expect(exitCode).toBe(0);
  expect(stderr).toContain('did you mean ANURA_PORT?');
});
