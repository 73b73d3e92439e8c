import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeliveriesEnvelope, JobCreated, WebhookMessage, WebhookSecretEnvelope } from '@anura/openapi';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { expectToBe } from '../contract-schemas.ts';
import { get, post } from '../running-server.ts';
import { bodyOf, clip, hello, startMediaServer } from './media-server.ts';

/** Somebody who waits for webhooks and answers with these statuses, then 200. */
async function startReceiver(...statuses: number[]) {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    received.push({ headers: request.headers, body });
    response.writeHead(statuses.shift() ?? 200).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { url, received, [Symbol.asyncDispose]: async () => void server.close() };
}

const allowing = { flags: { 'jobs.webhooks_to_private_networks': true } };

test('a webhook tells how the job ended, signed so that the receiver can be sure', async () => {
  await using server = await startMediaServer(allowing);
  await using receiver = await startReceiver();
  const created = await post(`${server.base}/audio/create-job`, { ...hello, webhook_url: receiver.url });
  const id = (await bodyOf<JobCreated>(created)).data.job_offer_id;
  await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(1);
  const [message] = receiver.received;

  const { data } = await bodyOf<WebhookSecretEnvelope>(get(`${server.base}/webhooks/secret`));
  const said = new Webhook(data.secret).verify(message?.body ?? '', message?.headers as Record<string, string>);
  expectToBe('WebhookMessage', said);
  expect(said as WebhookMessage).toMatchObject({
    type: 'job.completed',
    data: { job_offer_id: id, result: { content_type: 'audio/wav' } },
  });
  expect(() =>
    new Webhook(data.secret).verify(`${message?.body} `, message?.headers as Record<string, string>),
  ).toThrow();
});

test('its deliveries are told with every try, and it can be sent again', async () => {
  await using server = await startMediaServer(allowing);
  await using receiver = await startReceiver(500);
  const created = await post(`${server.base}/audio/create-job`, { ...hello, webhook_url: receiver.url });
  const id = (await bodyOf<JobCreated>(created)).data.job_offer_id;
  const deliveries = async () =>
    (await bodyOf<DeliveriesEnvelope>(get(`${server.base}/jobs/${id}/deliveries`))).data.deliveries;
  await expect.poll(async () => (await deliveries())[0]?.tries.length, { timeout: 10_000 }).toBe(1);
  const [delivery] = await deliveries();
  expect(delivery).toMatchObject({ state: 'waiting', url: receiver.url, tries: [{ status: 500 }] });

  expect((await post(`${server.base}/jobs/${id}/deliveries/${delivery?.id}/redeliver`, {})).status).toBe(200);
  await expect.poll(async () => (await deliveries())[0]?.state, { timeout: 10_000 }).toBe('delivered');
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([delivery?.id, delivery?.id]);
  expect((await post(`${server.base}/jobs/${id}/deliveries/msg_unknown/redeliver`, {})).status).toBe(404);
});

test('a cancelled job is told of too', async () => {
  await using server = await startMediaServer(allowing);
  await using receiver = await startReceiver();
  const body = { ...clip, steps: 30, webhook_url: receiver.url };
  const id = (await bodyOf<JobCreated>(post(`${server.base}/video/create-job`, body))).data.job_offer_id;
  await post(`${server.base}/jobs/${id}/cancel`, {});
  await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(1);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ type: 'job.cancelled' });
});

test('webhooks never go to private addresses unless the operator allows it', async () => {
  await using server = await startMediaServer();
  for (const webhook_url of [
    'http://127.0.0.1:1/',
    'http://localhost/',
    'http://[::1]/',
    'http://169.254.169.254/latest',
  ]) {
    const answer = await post(`${server.base}/audio/create-job`, { ...hello, webhook_url });
    expect(answer.status, webhook_url).toBe(400);
  }
});
