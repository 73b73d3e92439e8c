// A video takes longer than a request should: start a job, ask for its result now and then, save the file.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createAnura } from '@anura/client';
import { readAnimation } from './read-animation.ts';

const anura = createAnura({
  baseUrl: process.env['ANURA_URL'] ?? 'http://127.0.0.1:8484',
  apiKey: process.env['ANURA_API_KEY'] ?? '',
});
const model = process.env['ANURA_MODEL'] ?? 'tadpole-video';
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const file = values.out ?? join(mkdtempSync(join(tmpdir(), 'anura-video-')), 'frogs.webp');
const signal = AbortSignal.timeout(15 * 60_000);

const { job_offer_id: id } = await anura.createVideoJob({ model, prompt: 'Two frogs sit on a lilypad' }, { signal });
console.log(`job ${id}`);
// A job that fails or is cancelled ends this with its error.
let outcome = await anura.getVideoResult(id, { signal });
while (outcome.state === 'pending') {
  console.log(`${outcome.job_state}, ${Math.round((outcome.progress ?? 0) * 100)} %`);
  await pause(outcome.retryAfterMs, undefined, { signal });
  outcome = await anura.getVideoResult(id, { signal });
}
writeFileSync(file, outcome.bytes);

const { width, height, frames, durationMs } = readAnimation(outcome.bytes);
console.log(`saved ${file}: ${frames} frames of ${width}×${height} in ${durationMs / 1000} s`);
if (outcome.contentType !== 'image/webp') throw new Error(`Expected image/webp, got ${outcome.contentType}.`);
if (frames < 2) throw new Error(`A video has several frames, this has ${frames}.`);
if (durationMs === 0) throw new Error('The frames are shown for no time at all.');
