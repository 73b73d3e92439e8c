import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished, vi } from 'vitest';
import { defaultTimeouts } from '../jobs/durable/job-timeouts.ts';
import { openJob } from '../jobs/job-record.ts';
import { ManualClock } from '../jobs/runner/__fixtures__/manual-clock.ts';
import { openMemoryStores } from '../stores/memory/memory-stores.ts';
import { WebhookSender, type WebhookSenderOptions } from './webhook-sender.ts';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A receiver that answers as told; gone after the test. */
async function receiver(answer: (response: ServerResponse, count: number) => void) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    answer(response, received.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

function open(options: Partial<WebhookSenderOptions> = {}) {
  const stores = openMemoryStores();
  const clock = new ManualClock();
  const log = { info: vi.fn(), warn: vi.fn() };
  const render: WebhookSenderOptions['render'] = ({ event, jobId }) =>
    JSON.stringify({ type: event, data: { job_offer_id: jobId } });
  const sender = new WebhookSender({
    store: stores.webhooks,
    log,
    clock,
    render,
    allowPrivate: true,
    timeoutMs: 500,
    ...options,
  });
  onTestFinished(async () => {
    await sender.close();
    await stores.close();
  });
  sender.start();
  const finish = async (webhookUrl: string) => {
    const record = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, clock.now());
    await stores.durableJobs.submit(
      { record, input: {}, timeouts: defaultTimeouts, webhookUrl },
      { perKey: 9, inAll: 9 },
    );
    await stores.durableJobs.apply(record.id, { type: 'job-cancelled' }, { atMs: clock.now() });
    return record.id;
  };
  const states = async (jobId: string) => (await sender.deliveries(jobId)).map(({ state }) => state);
  return { stores, clock, sender, log, finish, states };
}

it('tells a receiver how a job ended, signed so that it can be checked', async () => {
  const { received, url } = await receiver((response) => response.end());
  const { clock, sender, finish, states } = open();
  const jobId = await finish(url);
  await clock.turn(1_000);
  await vi.waitFor(async () => expect(await states(jobId)).toEqual(['delivered']));
  const [{ headers, body }] = received as [Received];
  expect(JSON.parse(body)).toEqual({ type: 'job.cancelled', data: { job_offer_id: jobId } });
  const secret = Buffer.from((await sender.secretOf('key_1')).slice('whsec_'.length), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', secret).update(signed).digest('base64')}`);
  expect(Number(headers['webhook-timestamp'])).toBe(Math.floor(clock.now() / 1000));
  expect(headers['content-type']).toBe('application/json');
});

it('tries again with the same id and body until it is taken, and remembers every try', async () => {
  const { received, url } = await receiver((response, count) => response.writeHead(count < 3 ? 503 : 204).end());
  const { clock, sender, finish, states } = open();
  const jobId = await finish(url);
  for (const [tries, waitMs] of [
    [1, 1_000],
    [2, 8_000],
    [3, 400_000],
  ] as const) {
    await clock.turn(waitMs);
    await vi.waitFor(async () => expect((await sender.deliveries(jobId))[0]?.tries).toHaveLength(tries));
  }
  expect(await states(jobId)).toEqual(['delivered']);
  const [delivery] = await sender.deliveries(jobId);
  expect(delivery?.tries.map(({ status, error }) => [status, error])).toEqual([
    [503, 'the receiver answered 503'],
    [503, 'the receiver answered 503'],
    [204, null],
  ]);
  expect(new Set(received.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
});

it('follows no redirect', async () => {
  const inside = await receiver((response) => response.end());
  const { received, url } = await receiver((response) => response.writeHead(302, { location: inside.url }).end());
  const { clock, sender, finish } = open();
  const jobId = await finish(url);
  await clock.turn(1_000);
  await vi.waitFor(async () =>
    expect((await sender.deliveries(jobId))[0]?.tries[0]?.error).toBe(
      'the receiver answered 302; redirects are not followed',
    ),
  );
  expect(received).toHaveLength(1);
  expect(inside.received).toHaveLength(0);
});

it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])(
  'connects to no private address unless allowed: %s',
  async (host) => {
    const { received, url } = await receiver((response) => response.end());
    const { clock, sender, finish } = open({ allowPrivate: false });
    const jobId = await finish(url.replace('127.0.0.1', host));
    await clock.turn(1_000);
    await vi.waitFor(async () =>
      expect((await sender.deliveries(jobId))[0]?.tries[0]).toMatchObject({
        status: null,
        error: 'it leads into a private network',
      }),
    );
    expect(received).toHaveLength(0);
    expect(() => sender.check(url)).toThrow(/private network/);
  },
);

it('waits no longer than its time for a receiver that does not answer, or never ends', async () => {
  const silent = await receiver(() => undefined);
  const endless = await receiver((response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'.repeat(1_000)), 1);
    response.on('close', () => clearInterval(timer));
  });
  const { clock, sender, finish, states } = open();
  const [waiting, taken] = [await finish(silent.url), await finish(endless.url)];
  await clock.turn(1_000);
  await vi.waitFor(async () =>
    expect((await sender.deliveries(waiting))[0]?.tries[0]?.error).toBe('there was no answer within 0.5 s'),
  );
  await vi.waitFor(async () => expect(await states(taken)).toEqual(['delivered']));
});

it('says what went wrong without saying where', async () => {
  const { clock, sender, finish } = open();
  const jobId = await finish('http://127.0.0.1:1/secret-path');
  await clock.turn(1_000);
  await vi.waitFor(async () =>
    expect((await sender.deliveries(jobId))[0]?.tries[0]?.error).toBe('nothing listens there'),
  );
});

it('gives up when the receiver is gone for good, and sends again when asked', async () => {
  const { received, url } = await receiver((response, count) => response.writeHead(count === 1 ? 410 : 200).end());
  const { clock, sender, finish, states, log } = open();
  const jobId = await finish(url);
  await clock.turn(1_000);
  await vi.waitFor(async () => expect(await states(jobId)).toEqual(['given-up']));
  expect(log.warn).toHaveBeenCalledOnce();
  const [delivery] = await sender.deliveries(jobId);
  await sender.redeliver(jobId, delivery?.id ?? '');
  await clock.turn(1_000);
  await vi.waitFor(async () => expect(await states(jobId)).toEqual(['delivered']));
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([delivery?.id, delivery?.id]);
  await expect(sender.redeliver('another job', delivery?.id ?? '')).rejects.toMatchObject({ code: 'not-found' });
});

it('sends after a restart what was being sent', async () => {
  const { received, url } = await receiver((response, count) => {
    if (count > 1) response.end();
  });
  const { stores, clock, sender, log, finish, states } = open({ timeoutMs: 30_000 });
  const jobId = await finish(url);
  await clock.turn(1_000);
  await vi.waitFor(() => expect(received).toHaveLength(1));
  await sender.close();
  expect((await sender.deliveries(jobId))[0]).toMatchObject({ state: 'waiting', tries: [] });
  const render = () => '{}';
  const next = new WebhookSender({ store: stores.webhooks, log, clock, render, allowPrivate: true });
  onTestFinished(() => next.close());
  next.start();
  await clock.turn(70_000);
  await vi.waitFor(async () => expect(await states(jobId)).toEqual(['delivered']));
  expect(await next.secretOf('key_1')).toBe(await sender.secretOf('key_1'));
});
