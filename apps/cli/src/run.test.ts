import { describe, expect, test } from 'vitest';
import { run } from './__fixtures__/run-in-process.ts';
import { failing, json, model, startSmallServer } from './__fixtures__/small-server.ts';

const evil = '\u001b]0;owned\u0007';
const smallModel = { ...model('frog'), providers: 1 };
const smallJob = {
  job_offer_id: 'x',
  job_state: 'DealAgreed',
  kind: 'video',
  model: 'films',
  created_at: '2026-01-31T12:00:00Z',
  history: [],
};

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
  [['models'], 'GET /models', { object: 'list', data: [{ ...smallModel, state: evil, capabilities: [evil] }] }],
  [['jobs', 'list'], 'GET /jobs', { data: { jobs: [{ ...smallJob, kind: evil, model: evil }], next_cursor: evil } }],
  [['jobs', 'show', 'x'], 'GET /jobs/x', { data: { ...smallJob, job_state: evil, deal: { provider: evil } } }],
  [['search', 'x'], 'POST /websearch', { count: 1, results: [], related_queries: [evil] }],
])('%j prints nothing that moves the cursor', async (args, operation, answer) => {
  await using server = await startSmallServer({ [operation]: json({ status: 200, message: 'Fine', ...answer }) });
  const { exitCode, stdout, stderr } = await run([...args, '--url', server.url], { env: { NO_COLOR: '1' } });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('owned');
  expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test.each([
  [['modelz'], 'Did you mean models?'],
  [['keys', 'revok'], 'Did you mean revoke?'],
  [['chat', '--temprature', '1'], 'Did you mean --temperature?'],
  [['chat', '--temperature', '5'], 'Expected a number from 0 to 2.'],
  [['chat', '--max-tokens', '1.5'], 'Expected a whole number from 1.'],
  [['usage', '--from', 'yesterday'], '--from: expected a day like 2026-01-31, got "yesterday"'],
  [['usage', '--to', '2026-02-31'], '--to: expected a day'],
  [['keys', 'create', '--scope', 'root'], '--scope: expected inference, admin'],
  [['config', 'check', '--port', '99999'], '--port: expected a whole number from 0 to 65535, got "99999"'],
])('%j is a usage mistake', async (args, message) => {
  const { exitCode, stdout, stderr } = await run(args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
});

describe('an error', () => {
  test('cannot retitle or colour the terminal', async () => {
    const message = 'There is no \u001b]0;owned\u0007\u001b[31mred\u009b frog.';
    await using server = await startSmallServer({ 'GET /models': failing(400, message) });
    const { stderr } = await run(['models', '--url', server.url]);
    expect(stderr).toBe('error: There is no ]0;owned[31mred frog.\n');
  });

  test('is one line without a stack', async () => {
    const { exitCode, stderr } = await run(['models', '--url', await deadUrl()]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: Nothing listens at http.* `anura serve` starts it\.\n$/);
  });

  test('comes with its stack when ANURA_DEBUG is 1', async () => {
    const { stderr } = await run(['models', '--url', await deadUrl()], { env: { ANURA_DEBUG: '1' } });
    expect(stderr).toMatch(/\n {4}at /);
  });

  test('speaks of what a command has, and not of the client’s options', async () => {
    await using server = await startSmallServer({
      'GET /models': (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Proxy</h1>'),
    });
    const { stderr } = await run(['models', '--url', server.url]);
    expect(stderr).toMatch(/with a web page: .* Check the address\.\n$/);
    await using silent = await startSmallServer({ 'GET /models': () => undefined });
    const bench = await run(['bench', '--timeout', '1', '--url', silent.url]);
    expect(bench.stderr).toMatch(/said nothing for 1 s\. Is it overloaded, or something else than Anura\?\n$/);
  });

  test('says that a URL is none', async () => {
    const { exitCode, stderr } = await run(['models', '--url', 'localhost:8484']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean http://localhost:8484?');
  });
});

/** Where a server was a moment ago. */
async function deadUrl(): Promise<string> {
  await using server = await startSmallServer({});
  return server.url;
}

describe('with --json, an error is one line of JSON on standard error', () => {
  test.each([
    [['models', '--json', '--colour'], { code: 'usage', exit_code: 2, message: expect.stringContaining("'--colour'") }],
    [['modelz', '--json'], { code: 'usage', exit_code: 2, message: expect.stringContaining('Did you mean models?') }],
    [['bench', '--json', '-c', '9', '-n', '1'], { code: 'usage', exit_code: 2 }],
    [
      ['config', 'check', '--json', '--port', 'x'],
      { exit_code: 2, message: expect.stringMatching(/mistakes: --port/) },
    ],
  ])('%j', async (args, error) => {
    const { stdout, stderr } = await run(args);
    expect([stdout, stderr.trimEnd().split('\n').length]).toEqual(['', 1]);
    expect(JSON.parse(stderr)).toMatchObject({ error });
  });

  test('with what the server said of it', async () => {
    await using server = await startSmallServer({});
    const { stderr } = await run(['jobs', 'show', 'Qm', '--json', '--url', server.url]);
    expect(JSON.parse(stderr).error).toMatchObject({
      message: 'There is nothing here.',
      code: 'some_code',
      status: 404,
    });
  });

  test('but behind -- it is a word like others', async () => {
    const { stderr } = await run(['chat', '--url', await deadUrl(), '--', '--json']);
    expect(stderr).toMatch(/^error: /);
  });
});

test.each(['', ' ', '/api/v1'])('%j is no address', async (url) => {
  const { exitCode, stderr } = await run(['models', '--url', url]);
  expect([exitCode, stderr]).toEqual([
    2,
    `error: "${url}" is no address of a server. One looks like http://127.0.0.1:8484\n`,
  ]);
});

describe('a key that the server refuses', () => {
  const save = '`anura login` saves one; --key or ANURA_API_KEY give one for once.';
  test.each([
    ['expired_api_key', save],
    ['revoked_api_key', save],
    ['invalid_api_key', `${save} \`anura serve\` printed one at its first start.`],
  ])('%s', async (code, advice) => {
    await using server = await startSmallServer({ 'GET /models': failing(401, 'No.', code) });
    expect((await run(['models', '--url', server.url])).stderr).toBe(`error: No. ${advice}\n`);
  });
});

test('FORCE_COLOR colours what goes into a pipe, 0 does not', async () => {
  const results = [{ title: 'Frogs', url: 'https://a.example/', description: 'Green.' }];
  await using server = await startSmallServer({ 'POST /websearch': json({ results, related_queries: [], count: 1 }) });
  const search = (env: Record<string, string>) => run(['search', 'frogs', '--url', server.url], { env });
  expect((await search({ FORCE_COLOR: '1' })).stdout).toContain('\u001b[1mFrogs\u001b[22m');
  expect((await search({ FORCE_COLOR: '0' })).stdout).toMatch(/^Frogs\n/);
  expect((await search({})).stdout).toMatch(/^Frogs\n/);
});
