import { expect, test } from 'vitest';
import { expectError } from './doors/door-server.ts';
import { proves } from './proves.ts';
import { get, post, type RunningTestServer, runServer } from './running-server.ts';
import { finish, piece, scriptedProvider } from './scripted-provider.ts';

const hello = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };

/** A model with one slot that answers when it is let. */
function gatedModel() {
  let running = 0;
  const gates: (() => void)[] = [];
  const provider = scriptedProvider(
    'm',
    async function* (_request, { signal }) {
      running++;
      try {
        await new Promise<void>((resolve) => {
          gates.push(resolve);
          signal.addEventListener('abort', () => resolve());
        });
        yield piece('Hello.');
        yield finish;
      } finally {
        running--;
      }
    },
    { slots: 1 },
  );
  return { provider, running: () => running, letOne: () => gates.shift()?.() };
}

async function waiting({ base }: RunningTestServer): Promise<number | undefined> {
  const { data } = (await (await get(`${base}/health`)).json()) as { data: Record<string, number> };
  return data['requests_waiting'];
}

const ask = ({ base }: RunningTestServer, more: object = {}, init: RequestInit = {}) =>
  post(`${base}/chat/completions`, { ...hello, ...more }, init);

proves('errors-queue-full')(
  'when all slots are busy one waits, and over the queue one is told when to return',
  async () => {
    const model = gatedModel();
    await using server = await runServer({ providers: [model.provider], flags: { 'queue.max_length': 1 } });
    const first = ask(server);
    await expect.poll(model.running).toBe(1);
    const second = ask(server);
    await expect.poll(() => waiting(server)).toBe(1);

    for (const stream of [false, true]) {
      const refused = await ask(server, { stream });
      expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      const { error } = await expectError(refused, 429);
      expect(error.type).toBe('rate_limit_error');
    }

    model.letOne();
    expect((await first).status).toBe(200);
    await expect.poll(model.running).toBe(1);
    model.letOne();
    expect((await second).status).toBe(200);
  },
);

proves('errors-504', 'http-job-offer-id')('who waits longer than allowed is told so', async () => {
  const model = gatedModel();
  await using server = await runServer({ providers: [model.provider], flags: { 'queue.max_wait': '200ms' } });
  const first = ask(server);
  await expect.poll(model.running).toBe(1);
  const late = await ask(server);
  expect(late.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  const { error } = await expectError(late, 504);
  expect(error.message).toContain('m');
  const job = await get(`${server.base}/jobs/${late.headers.get('job-offer-id')}`);
  expect(await job.json()).toMatchObject({ data: { job_state: 'TimeoutMatch' } });

  const streamed = await (await ask(server, { stream: true })).text();
  expect(streamed).toContain('DealNegotiating');
  expect(streamed.trimEnd().split('\n\n').at(-1)).toMatch(/^data: \{"error":\{.*"status":504\}$/);
  model.letOne();
  await first;
});

test('a caller who hangs up while waiting leaves the queue, and one who is served frees the slot', async () => {
  const model = gatedModel();
  await using server = await runServer({ providers: [model.provider] });
  const callers = [new AbortController(), new AbortController()];
  const gone = callers.map(({ signal }) => ask(server, { stream: true }, { signal }).catch(() => undefined));
  await expect.poll(() => waiting(server)).toBe(1);
  await Promise.all(gone); // both have the head of their stream
  callers[1]?.abort();
  await expect.poll(() => waiting(server)).toBe(0);
  callers[0]?.abort();
  await expect.poll(model.running).toBe(0);

  const next = ask(server);
  await expect.poll(model.running).toBe(1);
  model.letOne();
  model.letOne();
  model.letOne();
  expect((await next).status).toBe(200);
});

test('a request that takes longer than the server allows in all is 504', async () => {
  const model = gatedModel();
  await using server = await runServer({ providers: [model.provider], flags: { request_timeout: '1s' } });
  const { error } = await expectError(await ask(server), 504);
  expect(error.message).toContain('1 s');
  await expect.poll(model.running).toBe(0);
});
