import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnura, type Job } from '@anura/client';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { clip, frog, hello, startMediaServer } from '../media/media-server.ts';
import { scriptedMediaProvider } from '../media/scripted-media-provider.ts';
import { type RunningTestServer, runServer, testKey } from '../running-server.ts';
import { brokenLine } from './broken-line.ts';

let server: RunningTestServer;
beforeAll(async () => {
  server = await startMediaServer();
});
afterAll(() => server.close());

const connected = () => createAnura({ baseUrl: server.url, apiKey: testKey });

test('a video is made, followed by its events, and fetched', async () => {
  const seen: Job[] = [];
  const job = await connected().video.create(clip);
  const { bytes, contentType, jobOfferId } = await job.result({ onProgress: (now) => seen.push(now) });
  expect(contentType).toBe('image/webp');
  expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('RIFF');
  expect(jobOfferId).toBe(job.id);
  expect(seen.at(-1)?.result?.content_type).toBe('image/webp');
  const states = seen.map(({ job_state }) => job_state);
  expect([...new Set(states)]).toEqual(states.toSorted(byLife).filter((state, at, all) => all.indexOf(state) === at));
});

const life = ['DealNegotiating', 'DealAgreed', 'ResultsSubmitted', 'ResultsAccepted'];
const byLife = (a: string, b: string) => life.indexOf(a) - life.indexOf(b);

test('a picture and a sentence come as bytes with their type', async () => {
  const anura = connected();
  const picture = await anura.image(frog);
  expect([picture.contentType, [...picture.bytes.subarray(1, 4)]]).toEqual(['image/png', [...Buffer.from('PNG')]]);
  const spoken = await anura.speech(hello);
  expect([spoken.contentType, new TextDecoder().decode(spoken.bytes.subarray(8, 12))]).toEqual(['audio/wav', 'WAVE']);
});

test('events end with the whole job', async () => {
  const anura = connected();
  const { id } = await anura.audio.create({ ...hello, voice: 'puck' });
  const types: string[] = [];
  for await (const event of anura.jobs.events(id)) types.push(event.type);
  expect(types[0]).toBe('state');
  expect(types.at(-1)).toBe('done');
});

test('a job that was cancelled throws its state', async () => {
  const anura = connected();
  const job = await anura.video.create({ ...clip, steps: 50, seed: 7 });
  await job.cancel();
  await expect(job.result()).rejects.toMatchObject({ code: 'no_result', jobState: 'JobOfferCancelled' });
});

test('an unknown job is one line, at once', async () => {
  const id = 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn';
  await expect(connected().waitForJob(id)).rejects.toMatchObject({ status: 404, code: 'job_not_found' });
});

test('aborting a picture cancels its job', async () => {
  const anura = connected();
  const controller = new AbortController();
  const drawing = anura.image({ ...frog, steps: 50, seed: 5 }, { signal: controller.signal });
  const newest = async () => (await anura.jobs.list({ kind: 'image', limit: 1 })).jobs[0]?.job_state;
  await expect.poll(newest).toBe('DealAgreed');
  controller.abort(new Error('enough'));
  await expect(drawing).rejects.toThrow('enough');
  await expect.poll(newest).toBe('JobOfferCancelled');
});

test('a picture under a key whose answer is lost is asked for again, and one job is made', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'anura-lost-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  await using dots = await runServer({ providers: [scriptedMediaProvider(join(dataDir, 'journal'))] });
  await using line = await brokenLine(dots.url);
  const anura = createAnura({ baseUrl: line.url, apiKey: testKey });
  line.loseNextAnswer();
  const made = await anura.image({ model: 'dots', prompt: 'one' }, { idempotencyKey: 'mine' });
  const { jobs } = await anura.jobs.list();
  expect(jobs.map(({ job_offer_id }) => job_offer_id)).toEqual([made.jobOfferId]);
});

test('whoever waits for a job does not notice that the server was started anew', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'anura-anew-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const first = await startMediaServer({ dataDir, flags: { shutdown_grace: '100ms' } });
  await using line = await brokenLine(first.url);
  const job = await createAnura({ baseUrl: line.url, apiKey: testKey }).video.create({ ...clip, steps: 40, seed: 3 });
  const result = job.result();
  await first.close();
  await using second = await startMediaServer({ dataDir });
  line.leadTo(second.url);
  expect((await result).contentType).toBe('image/webp');
});
