// A video takes longer than a request should: start a job, follow it, save the file.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAnura, type Job } from '@anura/client';
import { readAnimation } from './read-animation.ts';

const anura = createAnura({
  baseUrl: process.env['ANURA_URL'] ?? 'http://127.0.0.1:8484',
  apiKey: process.env['ANURA_API_KEY'] ?? '',
});
const model = process.env['ANURA_MODEL'] ?? 'tadpole-video';
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const file = values.out ?? join(mkdtempSync(join(tmpdir(), 'anura-video-')), 'frogs.webp');
const signal = AbortSignal.timeout(15 * 60_000);

const job = await anura.video.create({ model, prompt: 'Two frogs sit on a lilypad' }, { signal });
console.log(`job ${job.id}`);
const onProgress = ({ job_state, progress }: Job) =>
  console.log(`${job_state}, ${Math.round((progress ?? 0) * 100)} %`);
// A job that fails or is cancelled ends this with its error.
const { bytes, contentType } = await job.result({ signal, onProgress });
writeFileSync(file, bytes);

const { width, height, frames, durationMs } = readAnimation(bytes);
console.log(`saved ${file}: ${frames} frames of ${width}×${height} in ${durationMs / 1000} s`);
if (contentType !== 'image/webp') throw new Error(`Expected image/webp, got ${contentType}.`);
if (frames < 2) throw new Error(`A video has several frames, this has ${frames}.`);
if (durationMs === 0) throw new Error('The frames are shown for no time at all.');
