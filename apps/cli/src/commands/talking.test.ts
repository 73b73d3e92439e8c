import { describe, expect, test } from 'vitest';
import { run } from '../__fixtures__/run-in-process.ts';
import {
  cutOff,
  endless,
  envelope,
  failing,
  json,
  model,
  models,
  startSmallServer,
  streaming,
} from '../__fixtures__/small-server.ts';

const key = `anr_${'0'.repeat(64)}`;

describe('models', () => {
  test('is a table, or JSON, asked with the key', async () => {
    await using server = await startSmallServer({ 'GET /models': models(model('tadpole')) });
    const env = { ANURA_URL: server.url, ANURA_API_KEY: key };
    const { exitCode, stdout } = await run(['models'], { env });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^NAME {5}MAKES {2}CAN .*\ntadpole {2}chat {3}json_schema {2}2048 {5}1 {10}loaded\n$/);
    expect(server.requests[0]?.authorization).toBe(`Bearer ${key}`);
    expect(JSON.parse((await run(['models', '--json'], { env })).stdout)).toMatchObject([{ id: 'tadpole' }]);
  });

  test('without a valid key says where one comes from', async () => {
    await using server = await startSmallServer({ 'GET /models': failing(401, 'This key is not known.') });
    const { exitCode, stderr } = await run(['models', '--url', server.url, '--key', 'wrong']);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'error: This key is not known. `anura login` saves one; --key or ANURA_API_KEY give one for once. `anura serve` printed one at its first start.\n',
    );
  });
});

describe('chat with a question', () => {
  const answers = { 'GET /models': models(model('embed', 'embedding'), model('tadpole'), model('llama3.1:8b')) };
  const start = (answer = streaming('Frogs ', 'sing.')) =>
    startSmallServer({ ...answers, 'POST /chat/completions': answer });

  test('prints the answer alone', async () => {
    await using server = await start();
    const { exitCode, stdout } = await run(['chat', 'tadpole', 'Do', 'frogs', 'sing?', '--url', server.url]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('Frogs sing.\n');
    expect(server.requests[1]?.body).toEqual({
      model: 'tadpole',
      messages: [{ role: 'user', content: 'Do frogs sing?' }],
      stream: true,
    });
  });

  test('puts what is piped in below the prompt, and prefers other models to the toy', async () => {
    await using server = await start();
    const args = [
      'chat',
      'summarise',
      '--system',
      'Be brief.',
      '--seed',
      '7',
      '--temperature',
      '0',
      '--max-tokens',
      '9',
    ];
    await run([...args, '--url', server.url], { piped: '# Notes\n' });
    expect(server.requests[1]?.body).toEqual({
      model: 'llama3.1:8b',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'summarise\n\n# Notes' },
      ],
      stream: true,
      seed: 7,
      temperature: 0,
      max_tokens: 9,
    });
  });

  test('prints the whole answer with --json', async () => {
    const completion = { id: 'x', object: 'chat.completion', choices: [] };
    await using server = await start(json(completion));
    const { stdout } = await run(['chat', 'tadpole', 'hi', '--json', '--url', server.url]);
    expect(JSON.parse(stdout)).toEqual(completion);
  });

  test('of one word, on a terminal, is not a conversation with a model of that name', async () => {
    await using server = await start();
    const { exitCode, stdout, stderr } = await run(['chat', 'hello', '--url', server.url]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('The server has no model hello; `anura models` lists them.');
    expect(stderr).toContain('anura chat -m NAME "hello"');
  });

  test('that is empty is a usage mistake', async () => {
    await using server = await start();
    const { exitCode, stderr } = await run(['chat', '--url', server.url], { piped: '' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('There is no question.');
  });

  test('fails when the stream is cut off, after printing what came', async () => {
    await using server = await start(cutOff('Half'));
    const { exitCode, stdout, stderr } = await run(['chat', 'tadpole', 'hi', '--url', server.url]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Half');
    expect(stderr).toContain('ended before the answer was complete');
  });

  test('ends with 130 when it is interrupted, and hangs up', async () => {
    const gone = Promise.withResolvers<void>();
    const interrupt = new AbortController();
    await using server = await start((response, request) => {
      endless('on', gone.resolve)(response, request);
      setTimeout(() => interrupt.abort(), 20);
    });
    const { exitCode, stderr } = await run(['chat', 'tadpole', 'hi', '--url', server.url], {
      signal: interrupt.signal,
    });
    await gone.promise;
    expect(exitCode).toBe(130);
    expect(stderr).toBe('');
  });
});

test('embed prints the vector as one line of JSON', async () => {
  const answer = {
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: [0.5, -1] }],
    model: 'e',
    usage: {},
  };
  await using server = await startSmallServer({
    'GET /models': models(model('tadpole'), model('e', 'embedding')),
    'POST /embeddings': json(answer),
  });
  const { stdout } = await run(['embed', 'a', 'frog', '--url', server.url]);
  expect(stdout).toBe('[0.5,-1]\n');
  expect(server.requests[1]?.body).toEqual({ model: 'e', input: 'a frog' });
});

describe('keys', () => {
  const made = {
    id: 'key_1',
    name: 'laptop\u001b]0;owned\u0007',
    prefix: 'anr_0000',
    scopes: ['inference'],
    created_at: '2026-01-01T00:00:00Z',
    expires_at: null,
    last_used_at: null,
    revoked_at: null,
  };

  test('create prints the key alone on standard output', async () => {
    await using server = await startSmallServer({ 'POST /keys': envelope({ ...made, key }) });
    const args = ['keys', 'create', '--name', 'laptop', '--scope', 'inference,admin', '--expires-in-days', '90'];
    const { stdout, stderr } = await run([...args, '--url', server.url]);
    expect(stdout).toBe(`${key}\n`);
    expect(stderr).toContain('key_1');
    expect(server.requests[0]?.body).toEqual({ name: 'laptop', scopes: ['inference', 'admin'], expires_in_days: 90 });
  });

  test('list shows names without the control characters in them', async () => {
    await using server = await startSmallServer({ 'GET /keys': envelope({ keys: [made] }) });
    const { stdout } = await run(['keys', 'list', '--url', server.url]);
    expect(stdout).toContain('laptop]0;owned');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('valid');
  });

  test('revoke stops at the first that fails', async () => {
    await using server = await startSmallServer({
      'DELETE /keys/key_1': envelope(made),
      'DELETE /keys/key_2': failing(404, 'There is no key key_2.'),
    });
    const { exitCode, stdout, stderr } = await run(['keys', 'revoke', 'key_1', 'key_2', 'key_3', '--url', server.url]);
    expect([exitCode, stdout, stderr]).toEqual([1, 'Revoked key_1.\n', 'error: There is no key key_2.\n']);
    expect(server.requests).toHaveLength(2);
  });
});

test('usage adds up', async () => {
  const row = { day: '2026-01-31', key_id: 'key_1', key_name: null, model: 'tadpole', total_tokens: 0 };
  const counts = { requests: 2, failed_requests: 1, prompt_tokens: 30, completion_tokens: 4 };
  await using server = await startSmallServer({
    'GET /usage': envelope({
      from: '2026-01-01',
      to: '2026-01-31',
      rows: [
        { ...row, ...counts },
        { ...row, ...counts },
      ],
    }),
  });
  const { stdout } = await run(['usage', '--from', '2026-01-01', '--key-id', 'key_1', '--url', server.url]);
  expect(stdout.split('\n').at(-2)?.split(/\s+/)).toEqual(['all', '4', '2', '60', '8']);
  expect(server.requests[0]?.path).toBe('/usage?from=2026-01-01&key_id=key_1');
});

test('jobs show tells what became of it', async () => {
  const id = 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn';
  const job = {
    job_offer_id: id,
    job_state: 'ResultsSubmitted',
    kind: 'chat',
    model: 'tadpole',
    history: [{ state: 'DealAgreed', at: '2026-01-01T00:00:00Z' }],
  };
  const error = { message: 'The provider closed.' };
  await using server = await startSmallServer({
    [`GET /jobs/${id}`]: envelope({ ...job, error, deal: { provider: 'local' } }),
  });
  const { stdout } = await run(['jobs', 'show', id, '--url', server.url]);
  for (const text of [id, 'ResultsSubmitted', 'tadpole (chat)', 'The provider closed.', 'local', 'DealAgreed'])
    expect(stdout).toContain(text);
});

test('explain shows who could run it and who could not', async () => {
  const candidate = {
    provider: 'local',
    model: 'tadpole',
    loaded: true,
    expected_wait_ms: 12,
    slots: 8,
    busy: 1,
    reasons: ['loaded'],
  };
  const refusal = { provider: 'box', model: 'tadpole', reason: 'no vision' };
  await using server = await startSmallServer({
    'POST /explain': envelope({
      candidates: [candidate],
      refusals: [refusal],
      expected_wait_ms: 12,
      queue_position: 0,
    }),
  });
  const { stdout } = await run(['explain', 'tadpole', '--vision', '--tools', '--url', server.url]);
  expect(stdout).toContain('1 of 8 busy');
  expect(stdout).toContain('box/tadpole: no vision');
  expect(server.requests[0]?.body).toMatchObject({
    kind: 'chat',
    request: { model: 'tadpole', tools: [{ type: 'function' }] },
  });
});
