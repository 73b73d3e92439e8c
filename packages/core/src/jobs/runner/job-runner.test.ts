import { buffer } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import { finished, png, Studio, webp } from './__fixtures__/studio.ts';
import { openWorkshop, type Workshop, type WorkshopOptions } from './__fixtures__/workshop.ts';

const caller = { keyId: 'key_1' };
const image = { kind: 'image', request: { model: 'sdxl-turbo', prompt: 'a frog' } } as const;
const video = { kind: 'video', request: { model: 'wan2.1', prompt: 'a frog' } } as const;

const studioOf = (name = 'gpu', slots = 1) =>
  new Studio(name, [
    { model: 'sdxl-turbo', kind: 'image', slots },
    { model: 'wan2.1', kind: 'video', slots },
  ]);

function open(studios: readonly Studio[], options?: WorkshopOptions): Workshop {
  const workshop = openWorkshop(studios, options);
  workshop.runner.start();
  return workshop;
}

const submit = async ({ media }: Workshop, what: typeof image | typeof video = image) =>
  (await media.submit(what, caller)).record.id;
const stateOf = async ({ media }: Workshop, id: string) => (await media.get(id, 'key_1')).state;
const statesOf = async ({ media }: Workshop, id: string) =>
  (await media.get(id, 'key_1')).history.map(({ state }) => state);
const startedCalls = (studio: Studio, count: number) => vi.waitFor(() => expect(studio.calls.length).toBe(count));
const ends = (workshop: Workshop, id: string, state: string) =>
  vi.waitFor(async () => expect(await stateOf(workshop, id)).toBe(state));

it('runs a job from its submit to its result', async () => {
  const studio = studioOf();
  const workshop = open([studio]);
  const id = await submit(workshop);
  await startedCalls(studio, 1);
  expect(await workshop.media.get(id, 'key_1')).toMatchObject({ state: 'DealAgreed', deal: { provider: 'gpu' } });
  studio.calls[0]?.deliver();
  await ends(workshop, id, 'ResultsSubmitted');
  const record = await workshop.media.get(id, 'key_1');
  expect(record.result).toEqual({ content_type: 'image/png', size_bytes: png.length, url: `/api/v1/results/${id}` });
  const { artifact, stream } = await workshop.media.openResult(record);
  expect(artifact.contentType).toBe('image/png');
  expect(new Uint8Array(await buffer(stream))).toEqual(png);
  await workshop.media.fetched(record);
  expect(await statesOf(workshop, id)).toEqual([
    'DealNegotiating',
    'DealAgreed',
    'ResultsSubmitted',
    'ResultsAccepted',
  ]);
});

it('runs as many jobs of a model as there are slots, and the next when one is done', async () => {
  const studio = studioOf('gpu', 2);
  const workshop = open([studio]);
  const ids = [await submit(workshop), await submit(workshop), await submit(workshop)];
  await startedCalls(studio, 2);
  expect(await workshop.media.estimate(await workshop.media.get(ids[2] ?? '', 'key_1'))).toEqual({
    position: 0,
    remainingMs: null,
  });
  studio.calls[0]?.deliver();
  await startedCalls(studio, 3);
  for (const call of studio.calls) call.deliver();
  for (const id of ids) await ends(workshop, id, 'ResultsSubmitted');
});

it('tells progress, not more often than is worth a write', async () => {
  const studio = studioOf();
  const workshop = open([studio]);
  const id = await submit(workshop);
  await startedCalls(studio, 1);
  const note = vi.spyOn(workshop.jobs.store, 'noteProgress');
  for (let step = 1; step <= 50; step++) studio.calls[0]?.onProgress?.(step / 100);
  await workshop.clock.turn(600);
  expect(note).toHaveBeenCalledTimes(2);
  expect((await workshop.media.get(id, 'key_1')).progress?.part).toBe(0.5);
});

it('tries another provider at once when one fails', async () => {
  const [first, second] = [studioOf('first'), studioOf('second')];
  const workshop = open([first, second]);
  const id = await submit(workshop);
  await vi.waitFor(() => expect(first.calls.length + second.calls.length).toBe(1));
  const [failing, other] = first.calls.length > 0 ? [first, second] : [second, first];
  failing.calls[0]?.fail(new GatewayError('engine-failed', 'The provider broke off.', { retry: 'elsewhere' }));
  await startedCalls(other, 1);
  other.calls[0]?.deliver();
  await ends(workshop, id, 'ResultsSubmitted');
  expect((await workshop.media.get(id, 'key_1')).deal?.provider).toBe(other.name);
});

it('tries a bounded number of times, with growing pauses, and fails with the last reason', async () => {
  const studio = studioOf();
  const workshop = open([studio]);
  const id = await submit(workshop);
  for (const attempt of [1, 2, 3]) {
    await startedCalls(studio, attempt);
    studio.calls[attempt - 1]?.fail(
      new GatewayError('engine-failed', `The provider broke off ${attempt}.`, { retry: 'here' }),
    );
    if (attempt < 3) await ends(workshop, id, 'DealNegotiating');
    if (attempt < 3) await workshop.clock.turn(5_000);
  }
  await vi.waitFor(async () => {
    const { failure, state } = await workshop.media.get(id, 'key_1');
    expect({ failure, state }).toEqual({
      failure: { code: 'engine-failed', message: 'The provider broke off 3.' },
      state: 'ResultsSubmitted',
    });
  });
  await workshop.clock.turn(120_000);
  expect(studio.calls).toHaveLength(3);
});

it('does not try again what cannot help', async () => {
  const studio = studioOf();
  const workshop = open([studio]);
  const id = await submit(workshop);
  await startedCalls(studio, 1);
  studio.calls[0]?.fail(new GatewayError('invalid-request', 'steps is too large.', { param: 'steps' }));
  await ends(workshop, id, 'ResultsSubmitted');
  expect((await workshop.media.get(id, 'key_1')).failure).toMatchObject({ code: 'invalid-request', param: 'steps' });
});

it('does not deliver bytes that are no picture', async () => {
  const studio = studioOf();
  const workshop = open([studio], { runner: { maxFailures: 1 } });
  const id = await submit(workshop);
  await startedCalls(studio, 1);
  studio.calls[0]?.deliver(new TextEncoder().encode('<html>502 Bad Gateway</html>'));
  await vi.waitFor(async () =>
    expect((await workshop.media.get(id, 'key_1')).failure?.message).toBe(
      'The provider’s image cannot be delivered: it does not begin like a PNG.',
    ),
  );
});

it('fails a job whose result cannot be kept, says why, and lives on', async () => {
  const studio = studioOf();
  const workshop = open([studio]);
  vi.spyOn(workshop.artifacts, 'put').mockRejectedValueOnce(
    new GatewayError('no-capacity', 'The result could not be kept: the disk of this server is full.'),
  );
  const [first, second] = [await submit(workshop), await submit(workshop)];
  await startedCalls(studio, 1);
  studio.calls[0]?.deliver();
  await startedCalls(studio, 2);
  studio.calls[1]?.deliver();
  await ends(workshop, second, 'ResultsSubmitted');
  expect((await workshop.media.get(first, 'key_1')).failure?.message).toMatch(/disk of this server is full/);
  expect((await workshop.media.get(second, 'key_1')).failure).toBeNull();
});

it('stops the engine when a job is cancelled, and gives its slot to the next', async () => {
  const studio = studioOf();
  const workshop = open([studio]);
  const [first, second] = [await submit(workshop), await submit(workshop)];
  await startedCalls(studio, 1);
  expect(await workshop.media.cancel(first, 'key_1')).toMatchObject({ state: 'JobOfferCancelled' });
  expect(studio.calls[0]?.signal.aborted).toBe(true);
  await startedCalls(studio, 2);
  studio.calls[1]?.deliver();
  await ends(workshop, second, 'ResultsSubmitted');
  expect(await stateOf(workshop, first)).toBe('JobOfferCancelled');
});

it('ends a job that takes too long, stops the engine, and takes nothing that comes later', async () => {
  const studio = studioOf();
  const timeoutsOf = () => ({ matchMs: 1e9, executionMs: 60_000, totalMs: 1e9 });
  const workshop = open([studio], { media: { timeoutsOf } });
  const id = await submit(workshop);
  await startedCalls(studio, 1);
  await workshop.clock.turn(59_000);
  expect(await stateOf(workshop, id)).toBe('DealAgreed');
  await workshop.clock.turn(2_000);
  expect(await stateOf(workshop, id)).toBe('TimeoutExecution');
  expect(studio.calls[0]?.signal.reason).toMatchObject({ code: 'engine-timeout' });
  studio.calls[0]?.deliver();
  await workshop.clock.turn(60_000);
  expect(await statesOf(workshop, id)).toEqual(['DealNegotiating', 'DealAgreed', 'TimeoutExecution']);
});

it('lets a job wait for a model that went away, and runs it when it comes back', async () => {
  const [first, second] = [studioOf('first'), studioOf('second')];
  const offers = second.offers();
  second.leave();
  const workshop = open([first, second]);
  const busy = await submit(workshop);
  await startedCalls(first, 1);
  const id = await submit(workshop);
  first.leave();
  first.calls[0]?.deliver();
  await ends(workshop, busy, 'ResultsSubmitted');
  await workshop.clock.turn(20_000);
  expect(await stateOf(workshop, id)).toBe('DealNegotiating');
  vi.spyOn(second, 'offers').mockReturnValue(offers);
  workshop.scheduler.offersChanged();
  await workshop.clock.turn(2_000);
  await startedCalls(second, 1);
});

it('asks about a video until it is there, with its progress', async () => {
  const studio = studioOf();
  const workshop = open([studio]);
  const id = await submit(workshop, video);
  await workshop.clock.turn(100);
  const operation = studio.started[0] ?? '';
  studio.statuses.set(operation, { state: 'running', progress: 0.25 });
  await workshop.clock.turn(3_000);
  expect(await workshop.media.get(id, 'key_1')).toMatchObject({ state: 'DealAgreed', progress: { part: 0.25 } });
  studio.statuses.set(operation, finished);
  await workshop.clock.turn(1_000);
  await ends(workshop, id, 'ResultsSubmitted');
  expect((await workshop.media.get(id, 'key_1')).result?.size_bytes).toBe(webp.length);
  expect(studio.cancelled).toEqual([]);
});

it('goes on asking when a question fails, and gives up when many do', async () => {
  const studio = studioOf();
  const workshop = open([studio], { runner: { maxFailures: 1 } });
  const id = await submit(workshop, video);
  await workshop.clock.turn(100);
  const unreachable = new GatewayError('engine-failed', 'The provider cannot be reached.', { retry: 'elsewhere' });
  studio.statuses.set(studio.started[0] ?? '', unreachable);
  await workshop.clock.turn(20_000);
  expect(await stateOf(workshop, id)).toBe('DealAgreed');
  await workshop.clock.turn(300_000);
  await ends(workshop, id, 'ResultsSubmitted');
  expect((await workshop.media.get(id, 'key_1')).failure?.message).toBe('The provider cannot be reached.');
  expect(studio.cancelled).toEqual(studio.started);
});

it('takes up a video that another process began instead of rendering it again', async () => {
  const studio = studioOf();
  const first = open([studio]);
  const id = await submit(first, video);
  await first.clock.turn(1_500);
  await first.runner.close();
  expect(await stateOf(first, id)).toBe('DealNegotiating');
  expect(studio.cancelled).toEqual([]);

  const second = open([studio], { after: first });
  studio.statuses.set(studio.started[0] ?? '', finished);
  await second.clock.turn(1_500);
  await ends(second, id, 'ResultsSubmitted');
  expect(studio.started).toHaveLength(1);
});

it('takes up a video at the provider that has it, and elsewhere only when that has been gone for long', async () => {
  const [first, second] = [studioOf('first'), studioOf('second')];
  const workshop = open([first]);
  const id = await submit(workshop, video);
  await workshop.clock.turn(1_500);
  await workshop.runner.close();

  const later = open([second], { after: workshop });
  await later.clock.turn(20_000);
  expect(second.started).toEqual([]);
  await later.clock.turn(70_000);
  expect(second.started).toHaveLength(1);
  expect(await later.media.get(id, 'key_1')).toMatchObject({ deal: { provider: 'second' } });
});

it('renders anew, elsewhere if it can, a video that its engine gave up', async () => {
  const studio = studioOf();
  const workshop = open([studio]);
  await submit(workshop, video);
  await workshop.clock.turn(100);
  const error = new GatewayError('engine-failed', 'Out of memory.', { retry: 'here' });
  studio.statuses.set(studio.started[0] ?? '', { state: 'failed', error });
  await workshop.clock.turn(5_000);
  expect(studio.started).toHaveLength(2);
});

it('stops the work of a cancelled video at its provider', async () => {
  const studio = studioOf();
  const workshop = open([studio]);
  const id = await submit(workshop, video);
  await workshop.clock.turn(1_500);
  await workshop.media.cancel(id, 'key_1');
  await vi.waitFor(() => expect(studio.cancelled).toEqual(studio.started));
});

it('does not touch a job that another process took over, nor the work that goes on for it', async () => {
  const studio = studioOf('gpu', 2);
  const workshop = open([studio]);
  const id = await submit(workshop, video);
  await workshop.clock.turn(100);
  // As if this process had stood still until its hold lapsed.
  const nowMs = workshop.clock.now() + 60_000;
  const wanted = [{ model: 'wan2.1', count: 1 }];
  const [taken] = await workshop.stores.durableJobs.claim({ wanted, nowMs, leaseUntilMs: nowMs + 60_000 });
  expect(taken).toMatchObject({ id, attempt: 2, operation: { state: { id: studio.started[0] } } });
  studio.statuses.set(studio.started[0] ?? '', finished);
  await workshop.clock.turn(10_000);
  expect(await stateOf(workshop, id)).toBe('DealNegotiating');
  await vi.waitFor(() => expect(workshop.runner.running).toBe(0));
  expect(studio.cancelled).toEqual([]);
});

it('gives up a job whose process dies again and again', async () => {
  const studio = studioOf();
  const workshop = openWorkshop([studio], { runner: { maxLapses: 2 } });
  const id = await submit(workshop);
  for (let death = 0; death < 2; death++) {
    await workshop.jobs.claim([{ model: 'sdxl-turbo', count: 1 }], 1_000);
    await workshop.clock.turn(1_001);
  }
  workshop.runner.start();
  await ends(workshop, id, 'ResultsSubmitted');
  expect((await workshop.media.get(id, 'key_1')).failure?.message).toMatch(/stopped 2 times while working on this job/);
  expect(studio.calls).toEqual([]);
});

it('goes on when the store was in trouble', async () => {
  const studio = studioOf();
  const workshop = open([studio]);
  vi.spyOn(workshop.jobs.store, 'claim').mockRejectedValueOnce(new Error('disk is full'));
  const id = await submit(workshop);
  await workshop.clock.turn(2_000);
  await startedCalls(studio, 1);
  expect(workshop.log.warn).toHaveBeenCalledExactlyOnceWith({ reason: 'disk is full' }, expect.any(String));
  studio.calls[0]?.deliver();
  await ends(workshop, id, 'ResultsSubmitted');
});
