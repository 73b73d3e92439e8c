import { describe, expect, test } from 'vitest';
import { run } from './__fixtures__/run-in-process.ts';
import { startSmallServer } from './__fixtures__/small-server.ts';

describe('a newcomer', () => {
  test('who types anura alone gets the help', async () => {
    const { exitCode, stdout } = await run([]);
    expect(exitCode).toBe(0);
    for (const text of ['anura serve', 'anura doctor', 'chat [options] [model] [prompt...]'])
      expect(stdout).toContain(text);
  });

  test.each(['serve', 'chat', 'models', 'keys', 'usage', 'embed', 'jobs', 'explain', 'config', 'doctor', 'pull', 'rm'])(
    'finds help for %s both ways',
    async (command) => {
      const outcomes = [await run(['help', command]), await run([command, '--help'])];
      for (const { exitCode, stdout } of outcomes) {
        expect(exitCode).toBe(0);
        expect(stdout).toContain(`Usage: anura ${command}`);
      }
      expect(outcomes[0]?.stdout).toBe(outcomes[1]?.stdout);
    },
  );

  test('finds every setting of the server in the help of serve', async () => {
    const { stdout } = await run(['serve', '--help']);
    for (const flag of ['--port', '--llama-gpu', '--no-docs', '--limits-requests-per-second', '--jobs-retention']) {
      expect(stdout).toContain(flag);
    }
    expect(stdout).toContain('(default: 8484)');
    expect(stdout).not.toContain('--no-log-prompts');
  });
});

test.each([
  [['modelz'], 'Did you mean models?'],
  [['keys', 'revok'], 'Did you mean revoke?'],
  [['chat', '--temprature', '1'], 'Did you mean --temperature?'],
  [['chat', '--temperature', '5'], 'Expected a number from 0 to 2.'],
  [['chat', '--max-tokens', '1.5'], 'Expected a whole number from 1.'],
  [['usage', '--from', 'yesterday'], '--from: expected a day like 2026-01-31, got "yesterday"'],
  [['keys', 'create', '--scope', 'root'], '--scope: expected inference, admin'],
  [['config', 'check', '--port', '99999'], '--port: expected a whole number from 0 to 65535, got "99999"'],
])('%j is a usage mistake', async (args, message) => {
  const { exitCode, stdout, stderr } = await run(args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
});

describe('an error', () => {
  test('is one line without a stack', async () => {
    const { exitCode, stderr } = await run(['models', '--url', await deadUrl()]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: Nothing listens at http.* `anura serve` starts it\.\n$/);
  });

  test('comes with its stack when ANURA_DEBUG is 1', async () => {
    const { stderr } = await run(['models', '--url', await deadUrl()], { env: { ANURA_DEBUG: '1' } });
    expect(stderr).toMatch(/\n {4}at /);
  });

  test('says that a URL is none', async () => {
    const { exitCode, stderr } = await run(['models', '--url', 'localhost:8484']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Did you mean http://localhost:8484?');
  });
});

/** Where a server was a moment ago. */
async function deadUrl(): Promise<string> {
  await using server = await startSmallServer({});
  return server.url;
}
