import { expect, it, vi } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import type { JobNotice } from './durable/job-notices.ts';
import { finished, Studio } from './runner/__fixtures__/studio.ts';
import { openWorkshop, type WorkshopOptions } from './runner/__fixtures__/workshop.ts';

const caller = { keyId: 'key_1' };
const image = { kind: 'image', request: { model: 'sdxl-turbo', prompt: 'a frog', seed: undefined } } as const;
const video = { kind: 'video', request: { model: 'wan2.1', prompt: 'a frog' } } as const;
const never = new AbortController().signal;

function open(options?: WorkshopOptions) {
  const studio = new Studio('gpu', [
    { model: 'sdxl-turbo', kind: 'image' },
    { model: 'wan2.1', kind: 'video' },
  ]);
  return { studio, ...openWorkshop([studio], options) };
}

it('keeps what was said and nothing else, for its owner', async () => {
  const { media } = open();
  const { record, repeated } = await media.submit(image, caller);
  expect(repeated).toBe(false);
  expect(record).toMatchObject({ kind: 'image', model: 'sdxl-turbo', keyId: 'key_1', state: 'DealNegotiating' });
  expect(await media.input(record.id, 'key_1')).toEqual({ prompt: 'a frog' });
});

it('knows an alias by the model it stands for', async () => {
  const { media } = open({ media: { aliases: { painter: 'sdxl-turbo' } } });
  const { record } = await media.submit({ kind: 'image', request: { model: 'painter', prompt: 'a frog' } }, caller);
  expect(record.model).toBe('sdxl-turbo');
});

it('refuses at once what could only fail later', async () => {
  const { media, studio, jobs } = open();
  const submit = (kind: 'image' | 'video', model: string) =>
    media.submit({ kind, request: { model, prompt: 'a frog' } }, caller);
  await expect(submit('image', 'sdxl')).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('sdxl-turbo'),
  });
  await expect(submit('image', 'wan2.1')).rejects.toMatchObject({
    code: 'invalid-request',
    data: { param: 'model' },
    message: 'wan2.1 makes video, not image. Choose another model.',
  });
  vi.spyOn(studio.images, 'admit').mockImplementation(() => {
    throw new GatewayError('invalid-request', 'prompt is too long.', { param: 'prompt' });
  });
  await expect(media.submit(image, caller)).rejects.toMatchObject({ data: { param: 'prompt' } });
  const checkWebhookUrl = () => {
    throw new GatewayError('invalid-request', 'webhook_url cannot be called.', { param: 'webhook_url' });
  };
  const strict = open({ media: { checkWebhookUrl } });
  await expect(strict.media.submit(image, caller, { webhookUrl: 'http://10.0.0.1/' })).rejects.toMatchObject({
    data: { param: 'webhook_url' },
  });
  expect(await jobs.store.countUnfinished()).toBe(0);
  expect(await strict.jobs.store.countUnfinished()).toBe(0);
});

it('gives the same job for the same idempotency key, and conflict for another request', async () => {
  const { media, studio } = open();
  const submit = (fingerprint: string) => media.submit(image, caller, { idempotency: { key: 'again', fingerprint } });
  const first = await submit('a');
  expect(await submit('a')).toEqual({ record: first.record, repeated: true });
  studio.leave();
  expect(await submit('a')).toEqual({ record: first.record, repeated: true });
  await expect(submit('b')).rejects.toMatchObject({ code: 'conflict', data: { param: 'Idempotency-Key' } });
});

it('takes as many jobs as its bounds let it, says when to come again, and loses none', async () => {
  const { media, runner, studio } = open({ media: { bounds: { perKey: 3, inAll: 5 } } });
  const submits = await Promise.allSettled(Array.from({ length: 50 }, () => media.submit(image, caller)));
  const accepted = submits.flatMap((submit) => (submit.status === 'fulfilled' ? submit.value.record.id : []));
  const refused = submits.flatMap((submit) => (submit.status === 'rejected' ? submit.reason : []));
  expect(accepted).toHaveLength(3);
  expect(refused[0]).toMatchObject({
    code: 'rate-limited',
    data: { retryAfterMs: 5_000 },
    message: 'This key has as many unfinished jobs as it may have; this one was not taken. Try again in 5 s.',
  });
  runner.start();
  for (let done = 0; done < 3; done++) {
    await vi.waitFor(() => expect(studio.calls).toHaveLength(done + 1));
    studio.calls[done]?.deliver();
  }
  for (const id of accepted)
    expect(await media.wait(id, 'key_1', 1e6, never)).toMatchObject({ state: 'ResultsSubmitted' });
});

it('shows a job to its own key only', async () => {
  const { media } = open();
  const { id } = (await media.submit(image, caller)).record;
  const notFound = { code: 'not-found', data: { param: 'id' } };
  await expect(media.get(id, 'key_2')).rejects.toMatchObject(notFound);
  await expect(media.input(id, 'key_2')).rejects.toMatchObject(notFound);
  await expect(media.cancel(id, 'key_2')).rejects.toMatchObject(notFound);
  await expect(media.follow(id, 'key_2', 0, never).next()).rejects.toMatchObject(notFound);
  expect(await media.get(id, 'key_1')).toMatchObject({ state: 'DealNegotiating' });
});

it('leaves what is over as it is when it is cancelled', async () => {
  const { media } = open();
  const { id } = (await media.submit(image, caller)).record;
  const cancelled = await media.cancel(id, 'key_1');
  expect(cancelled).toMatchObject({ state: 'JobOfferCancelled' });
  expect(await media.cancel(id, 'key_1')).toEqual(cancelled);
});

it('estimates from what was measured', async () => {
  const { media, clock, runner, studio } = open();
  runner.start();
  const submit = async () => (await media.submit(image, caller)).record;
  const first = await submit();
  await vi.waitFor(() => expect(studio.calls).toHaveLength(1));
  const second = await submit();
  expect(await media.estimate(second)).toEqual({ position: 0, remainingMs: null });
  await clock.turn(8_000);
  studio.calls[0]?.deliver();
  await vi.waitFor(() => expect(studio.calls).toHaveLength(2));
  const [third, fourth] = [await submit(), await submit()];
  expect(await media.estimate(third)).toEqual({ position: 0, remainingMs: 16_000 });
  expect(await media.estimate(fourth)).toEqual({ position: 1, remainingMs: 24_000 });
  expect(await media.estimate(first)).toBeUndefined();
});

it('tells those who follow a job everything from where they were, and ends with it', async () => {
  const { media, clock, runner, studio } = open();
  const { id } = (await media.submit(video, caller)).record;
  runner.start();
  const notices: JobNotice[] = [];
  const following = (async () => {
    for await (const notice of media.follow(id, 'key_1', 0, never)) notices.push(notice);
  })();
  await clock.turn(100);
  studio.statuses.set(studio.started[0] ?? '', { state: 'running', progress: 0.5 });
  await clock.turn(2_000);
  studio.statuses.set(studio.started[0] ?? '', finished);
  await clock.turn(2_000);
  await following;
  const told = notices.map((notice) => (notice.type === 'state' ? notice.state : notice.part));
  expect(told).toEqual(['DealNegotiating', 'DealAgreed', 0.5, 'ResultsSubmitted']);

  const later: JobNotice[] = [];
  for await (const notice of media.follow(id, 'key_1', notices[1]?.sequence ?? 0, never)) later.push(notice);
  expect(later).toEqual(notices.slice(2));
});

it('hears of what another process did, and stops when the listener leaves', async () => {
  const { media, clock, stores } = open();
  const { id } = (await media.submit(image, caller)).record;
  const listener = new AbortController();
  const following = media.follow(id, 'key_1', 1, listener.signal);
  const next = following.next();
  await clock.turn(100);
  await stores.durableJobs.apply(id, { type: 'deal-agreed', provider: 'there' }, { atMs: clock.now() });
  await clock.turn(2_000);
  expect(await next).toMatchObject({ value: { state: 'DealAgreed' } });
  const after = following.next();
  listener.abort();
  expect(await after).toEqual({ done: true, value: undefined });
});

it('waits for a job as long as it was asked to', async () => {
  const { media, clock } = open();
  const { id } = (await media.submit(image, caller)).record;
  const waiting = media.wait(id, 'key_1', 3_000, never);
  await clock.turn(3_000);
  expect(await waiting).toMatchObject({ state: 'DealNegotiating' });
  const cancelled = media.wait(id, 'key_1', 3_000, never);
  await media.cancel(id, 'key_1');
  expect(await cancelled).toMatchObject({ state: 'JobOfferCancelled' });
});

it('says that a result is not kept any more', async () => {
  const { media } = open();
  const { record } = await media.submit(image, caller);
  await expect(media.openResult({ ...record, artifactId: 'long-gone' })).rejects.toMatchObject({ code: 'not-found' });
});
