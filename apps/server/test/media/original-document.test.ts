import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JobCreated, JobEnvelope, JobPending, ModelList, WebSearchResponse } from '@anura/openapi';
import OpenAI from 'openai';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { get, post, type RunningTestServer, testKey } from '../running-server.ts';
import { bodyOf, startMediaServer } from './media-server.ts';

/** The examples of the document the project was created from, word for word but for the address and the key. */

const names = `aliases:
  llama3.1:8b: tadpole
  nomic-embed-text: tadpole-embed
  sdxl-turbo: tadpole-image
  wan2.1: tadpole-video
  kokoro: flite
`;
let server: RunningTestServer;
beforeAll(async () => {
  server = await startMediaServer({ configFile: names, flags: { 'llama.enabled': true } });
});
afterAll(() => server?.close());

const run = promisify(execFile);
const jobId = /^Qm[1-9A-HJ-NP-Za-km-z]{44}$/;

/** Asks as the document says to: now and again, until the body is not a 102 any more. */
async function fetchWhenReady(path: string): Promise<Response> {
  for (;;) {
    const answer = await get(`${server.base}${path}`);
    expect(answer.status).toBe(200);
    if (!answer.headers.get('content-type')?.startsWith('application/json')) return answer;
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const body = await bodyOf<JobPending>(answer);
    expect(body).toMatchObject({ status: 102, message: 'Request is still processing' });
    expect(body.data).toMatchObject({ job_offer_id: expect.stringMatching(jobId) });
    expect(['DealNegotiating', 'DealAgreed']).toContain(body.data.job_state);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('chat and embeddings', () => {
  test('the OpenAI SDK with the URL and the key', async () => {
    const client = new OpenAI({ baseURL: server.base, apiKey: testKey });
    const completion = await client.chat.completions.create({
      model: 'llama3.1:8b',
      messages: [
        { role: 'system', content: 'You are a helpful AI assistant.' },
        { role: 'user', content: 'Are semicolons optional in JavaScript?' },
      ],
      max_tokens: 16,
    });
    expect(completion.choices[0]?.message.content).toBeTypeOf('string');
  });

  test('a haiku about lilypads', async () => {
    const answer = await post(`${server.base}/chat/completions`, {
      model: 'llama3.1:8b',
      messages: [
        { role: 'system', content: 'you are a helpful AI assistant' },
        { role: 'user', content: 'write a haiku about lilypads' },
      ],
      temperature: 0.6,
      max_tokens: 16,
    });
    expect(await answer.json()).toMatchObject({ object: 'chat.completion', model: 'llama3.1:8b' });
  });

  test('embeddings, with a base URL that ends in a slash', async () => {
    const openai = new OpenAI({ baseURL: `${server.base}/`, apiKey: testKey });
    const embedding = await openai.embeddings.create({
      model: 'nomic-embed-text',
      input: ['why is the sky blue?', 'why is the grass green?'],
    });
    expect(embedding.data).toHaveLength(2);
  });
});

describe('pictures', () => {
  test('the list of models', async () => {
    expect(await (await get(`${server.base}/image/models`)).json()).toEqual({
      data: { models: ['sdxl-turbo', 'tadpole-image'] },
      message: 'Retrieved models successfully',
      status: 200,
    });
  });

  test('the models say honestly what they are', async () => {
    const { data } = await bodyOf<ModelList>(get(`${server.base}/models`));
    const described = new Map(data.map((model) => [model.id, model]));
    expect(described.get('tadpole-image')?.description).toMatch(/^Tiny model for offline use and tests/);
    expect(described.get('sdxl-turbo')?.description).toMatch(/^Tiny model/);
    expect(described.get('flite')).toMatchObject({ voices: ['heart', 'puck', 'fenrir', 'bella'], engines: ['speech'] });
  });

  test('curl writes the picture to a file', async () => {
    const file = join(server.dataDir, 'spaceship.png');
    const headers = ['-H', 'Content-Type: application/json', '-H', `Authorization: Bearer ${testKey}`];
    const body = '{"prompt": "A spaceship parked on a lilypad", "model": "sdxl-turbo"}';
    await run('curl', ['-s', '-X', 'POST', `${server.base}/image/generate`, ...headers, '-d', body, '--output', file]);
    const { format, width } = await sharp(readFileSync(file)).metadata();
    expect(format).toBe('png');
    expect(width).toBeGreaterThan(0);
  });

  test('the answer names its job', async () => {
    const answer = await post(`${server.base}/image/generate`, {
      prompt: 'A spaceship parked on a lilypad',
      model: 'sdxl-turbo',
    });
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('job-offer-id')).toMatch(jobId);
  });
});

describe('videos', () => {
  test('a video is created, asked for, and comes as WebP that moves', async () => {
    const created = await post(`${server.base}/video/create-job`, {
      prompt:
        'Two frogs sit on a lilypad, animatedly discussing the wonders and quirks of AI agents. As they ponder whether these digital beings can truly understand their froggy lives, the serene pond serves as a backdrop to their lively conversation.',
      negative_prompt:
        'Dull colors, grainy texture, washed-out details, static frames, incorrect lighting, unnatural shadows, distorted faces, artifacts, low-resolution elements, flickering, blurry motion, repetitive patterns, unrealistic reflections, overly simplistic backgrounds, three legged people, walking backwards.',
      model: 'wan2.1',
    });
    const body = await bodyOf<JobCreated>(created);
    expect(body).toEqual({
      status: 200,
      message: 'Video job created successfully',
      data: { job_offer_id: expect.stringMatching(jobId) },
    });
    const video = await fetchWhenReady(`/video/results/${body.data.job_offer_id}`);
    expect(video.headers.get('content-type')).toBe('image/webp');
    const { format, pages } = await sharp(Buffer.from(await video.arrayBuffer())).metadata();
    expect(format).toBe('webp');
    expect(pages).toBeGreaterThan(1);
  });
});

describe('speech', () => {
  test('four voices, each a WAV of its own', async () => {
    const recordings = await Promise.all(
      ['heart', 'puck', 'fenrir', 'bella'].map(async (voice) => {
        const created = await post(`${server.base}/audio/create-job`, {
          input:
            'Hello my name is Heart and this is AI speech generated from text using the Kokoro module running on the Lilypad Network',
          voice,
          model: 'kokoro',
        });
        const body = await bodyOf<JobCreated>(created);
        expect(body).toMatchObject({ status: 200, message: 'Audio job created successfully' });
        const recording = await fetchWhenReady(`/audio/results/${body.data.job_offer_id}`);
        expect(recording.headers.get('content-type')).toBe('audio/wav');
        return Buffer.from(await recording.arrayBuffer());
      }),
    );
    for (const wav of recordings) expect(wav.subarray(0, 4).toString() + wav.subarray(8, 12)).toBe('RIFFWAVE');
    expect(new Set(recordings.map((wav) => wav.toString('base64'))).size).toBe(4);
  });
});

describe('web search and jobs', () => {
  test('a question is answered with results, related queries and their count', async () => {
    const query = { query: "What's the Lilypad Network?", number_of_results: 3 };
    const answer = await bodyOf<WebSearchResponse>(post(`${server.base}/websearch`, query));
    expect(Object.keys(answer).sort()).toEqual(['count', 'related_queries', 'results']);
    expect(answer.count).toBe(answer.results.length);
    expect(answer.count).toBeGreaterThan(0);
    expect(answer.count).toBeLessThanOrEqual(3);
    for (const result of answer.results) expect(Object.keys(result).sort()).toEqual(['description', 'title', 'url']);
  });

  test('the status and the details of a job', async () => {
    const drawn = await post(`${server.base}/image/generate`, { prompt: 'a frog', model: 'sdxl-turbo', steps: 1 });
    const id = drawn.headers.get('job-offer-id');
    await drawn.arrayBuffer();
    const { data } = await bodyOf<JobEnvelope>(get(`${server.base}/jobs/${id}`));
    expect(data).toMatchObject({
      job_offer_id: id,
      kind: 'image',
      model: 'tadpole-image',
      progress: 1,
      deal: { provider: 'diffusion' },
      result: { content_type: 'image/png', url: `/api/v1/jobs/${id}/result` },
    });
    const states = data.history.map(({ state }) => state);
    expect(states.slice(0, 3)).toEqual(['DealNegotiating', 'DealAgreed', 'ResultsSubmitted']);
  });
});
