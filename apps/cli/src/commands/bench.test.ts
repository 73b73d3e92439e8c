import { afterEach, describe, expect, test } from 'vitest';
import { run } from '../__fixtures__/run-in-process.ts';
import { endless, failing, json, model, models, startSmallServer, streaming } from '../__fixtures__/small-server.ts';
import { killProcesses, startProcess } from '../__fixtures__/start-process.ts';

afterEach(killProcesses);

const answers = { 'GET /models': models(model('tadpole')), 'POST /chat/completions': streaming('a', 'b', 'c') };

describe('bench', () => {
  test('asks as often as it was told, each time something else, and once more before', async () => {
    await using server = await startSmallServer(answers);
    const args = ['bench', '-n', '6', '-c', '2', '--max-tokens', '9', '--json', '--url', server.url];
    const { exitCode, stdout, stderr } = await run(args);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'tadpole',
      concurrency: 2,
      requests: { total: 6, answered: 6, failed: 0 },
      tokens: { completion: 18 },
      errors: [],
    });
    const asked = server.requests.filter(({ method }) => method === 'POST').map(({ body }) => JSON.stringify(body));
    expect([asked.length, new Set(asked).size]).toEqual([7, 7]);
    expect(asked[0]).toContain('"max_tokens":9');
  });

  test('works on servers that do not say what a model makes', async () => {
    const list = json({ object: 'list', data: [{ id: 'llama', object: 'model' }] });
    await using server = await startSmallServer({
      'GET /v1/models': list,
      'POST /v1/chat/completions': answers['POST /chat/completions'],
    });
    const { exitCode, stdout } = await run(['bench', '-n', '4', '--url', `${server.url}/v1`]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('4 of 4 answered')]);
  });

  test('counts failures and goes on', async () => {
    let asked = 0;
    await using server = await startSmallServer({
      ...answers,
      'POST /chat/completions': (response, request) =>
        (++asked % 2 === 0 ? failing(429, 'Slow down.') : streaming('a'))(response, request),
    });
    const { exitCode, stdout } = await run(['bench', '-n', '4', '-c', '1', '--url', server.url]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('  2 × 429 some_code: Slow down.')]);
  });

  test('fails when nothing is answered, after it has said how', async () => {
    await using server = await startSmallServer({ ...answers, 'POST /chat/completions': failing(503, 'No room.') });
    const { exitCode, stdout, stderr } = await run(['bench', '-n', '2', '-c', '2', '--url', server.url]);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('  2 × 503 some_code: No room.')]);
    expect(stderr).toContain('error: None of 2 requests was answered: No room.');
  });

  test('fails at once with what would fail every time', async () => {
    await using server = await startSmallServer({
      ...answers,
      'POST /chat/completions': failing(404, 'No such model.'),
    });
    const { exitCode, stderr } = await run(['bench', '--model', 'nope', '--url', server.url]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('error: No such model.')]);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    [['-c', '0'], 'Expected a whole number from 1 to 1000.'],
    [['-c', '1001'], 'Expected a whole number from 1 to 1000.'],
    [['-n', '1e9'], 'Expected a whole number from 1 to 1000000.'],
    [['--seconds', '0'], 'Expected a number from 0.1 to 86400.'],
    [['-c', '5', '-n', '3'], '--concurrency: 5 at once need at least as many --requests'],
  ])('%j is a usage mistake', async (args, message) => {
    const { exitCode, stderr } = await run(['bench', ...args]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test('Ctrl-C prints what there is and ends with 130', async () => {
    let asked = 0;
    const stuck = Promise.withResolvers<void>();
    await using server = await startSmallServer({
      ...answers,
      'POST /chat/completions': (response, request) => {
        if (++asked < 4) return streaming('a', 'b')(response, request);
        endless('a')(response, request);
        stuck.resolve();
      },
    });
    const { child, ended } = startProcess(['bench', '-c', '1', '--seconds', '60', '--url', server.url]);
    child.stdin?.end();
    await stuck.promise;
    child.kill('SIGINT');
    const { code, output } = await ended;
    expect(code).toBe(130);
    expect(output).toContain('1 at once, stopped early\n2 of 2 answered');
  });
});
