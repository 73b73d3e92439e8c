// One sentence in four voices, each in a file of its own.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAnura } from '@anura/client';
import { readRecording } from './read-recording.ts';

const anura = createAnura({
  baseUrl: process.env['ANURA_URL'] ?? 'http://127.0.0.1:8484',
  apiKey: process.env['ANURA_API_KEY'] ?? '',
});
const model = process.env['ANURA_MODEL'] ?? 'flite';
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const folder = values.out ?? mkdtempSync(join(tmpdir(), 'anura-speech-'));
mkdirSync(folder, { recursive: true });

const input = 'The frogs are awake, and the pond is loud tonight.';
const voices = ['heart', 'puck', 'fenrir', 'bella'];
const spoken = new Set<string>();
for (const voice of voices) {
  const { bytes } = await anura.speech({ model, input, voice });
  const file = join(folder, `${voice}.wav`);
  writeFileSync(file, bytes);
  const { samplesPerSecond, durationSeconds, loudest, samples } = readRecording(bytes);
  console.log(`saved ${file}: ${durationSeconds.toFixed(1)} s at ${samplesPerSecond} Hz`);
  if (samplesPerSecond !== 24_000) throw new Error(`${voice} should have 24000 samples a second.`);
  if (durationSeconds < 1 || durationSeconds > 10) throw new Error(`${voice} should take some three seconds.`);
  if (loudest < 0.05) throw new Error(`${voice} cannot be heard.`);
  spoken.add(samples.toString('base64'));
}
if (spoken.size !== voices.length) throw new Error('Two of the voices are the same.');
