import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { testSpeechEngine } from '../speech-engine.conformance.ts';
import { speechVoices } from '../speech-engine.ts';
import { medianPitch, spectralCentroid } from './__fixtures__/measure-sound.ts';
import { stubStyles, writeStubKokoro } from './__fixtures__/stub-kokoro.ts';
import { loudness } from './audio/join-speech.ts';
import { readWav } from './audio/wav.ts';
import { createSpeechProvider, type SpeechProvider } from './speech-provider.ts';

let modelsFolder: string;
let provider: SpeechProvider;
beforeAll(async () => {
  modelsFolder = await mkdtemp(join(tmpdir(), 'anura-speech-'));
  await writeStubKokoro(modelsFolder);
  provider = await createSpeechProvider({ modelsFolder });
});
afterAll(async () => {
  await provider.close();
  await rm(modelsFolder, { recursive: true });
});

function offerOf(model: string) {
  const offer = provider.offers().find((offer) => offer.model === model);
  if (!offer) throw new Error(`no offer of ${model}`);
  return offer;
}

async function say(model: string, voice: string, input: string) {
  const call = { offer: offerOf(model), jobOfferId: '', signal: new AbortController().signal };
  return readWav((await provider.speech.speech({ model, voice, input }, call)).bytes);
}

testSpeechEngine('flite', () => ({ engine: provider.speech, offer: offerOf('flite') }));
// The real weights cannot be had in a test: this proves the path to a model of the same shape, not how Kokoro sounds.
testSpeechEngine('kokoro (a stub model that hums)', () => ({ engine: provider.speech, offer: offerOf('kokoro') }));

describe('the speech provider', () => {
  it('offers both models with the four voices and says whose they are', () => {
    expect(provider.offers()).toMatchObject([
      { id: 'speech/flite', model: 'flite', modality: 'speech', details: { voices: speechVoices, ownedBy: 'cmu' } },
      {
        id: 'speech/kokoro',
        model: 'kokoro',
        modality: 'speech',
        details: { voices: speechVoices, ownedBy: 'hexgrad' },
      },
    ]);
  });

  it('offers only flite where kokoro is not there, and kokoro once it is', async () => {
    const folder = await temporaryFolder();
    const alone = await createSpeechProvider({ modelsFolder: folder });
    onTestFinished(() => alone.close());
    expect(alone.offers().map(({ model }) => model)).toEqual(['flite']);
    await writeStubKokoro(folder);
    await alone.refresh();
    expect(alone.offers().map(({ model }) => model)).toEqual(['flite', 'kokoro']);
  });

  it('says in the log which file of kokoro is missing, and speaks without it', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'kokoro'));
    await writeFile(join(folder, 'kokoro', 'config.json'), '{"model_type":"style_text_to_speech_2"}');
    const warnings: string[] = [];
    const log = { warn: (_details: object, message: string) => void warnings.push(message) };
    const partial = await createSpeechProvider({ modelsFolder: folder, log });
    onTestFinished(() => partial.close());
    expect(partial.offers().map(({ model }) => model)).toEqual(['flite']);
    expect(warnings).toEqual([expect.stringMatching(/model\.onnx is missing/)]);
  });

  it('shows kokoro as loaded once it has spoken', async () => {
    await say('kokoro', 'heart', 'Hello.');
    expect(offerOf('kokoro').state).toBe('loaded');
  });

  it('gives each voice of kokoro its own style', async () => {
    for (const [voice, style] of [
      ['heart', stubStyles.af_heart],
      ['fenrir', stubStyles.am_fenrir],
    ] as const) {
      const pitch = (style * 24_000) / (2 * Math.PI);
      expect(medianPitch(await say('kokoro', voice, 'Hello there, my friend.')) / pitch).toBeCloseTo(1, 1);
    }
  });

  it('gives four voices of flite that differ in pitch or colour by far more than a hair, at one loudness', async () => {
    const voices = await Promise.all(
      speechVoices.map(async (voice) => {
        const sound = await say('flite', voice, 'The quick brown fox jumped over the lazy dog.');
        return { pitch: medianPitch(sound), colour: spectralCentroid(sound), rms: loudness(sound.samples).rms };
      }),
    );
    for (const [index, one] of voices.entries()) {
      for (const other of voices.slice(index + 1)) {
        const apart = Math.abs(Math.log(one.pitch / other.pitch)) + Math.abs(Math.log(one.colour / other.colour));
        expect(apart).toBeGreaterThan(0.2);
        expect(one.rms / other.rms).toBeGreaterThan(0.7);
        expect(one.rms / other.rms).toBeLessThan(1.4);
      }
    }
  });

  it('refuses to speak once it is closed', async () => {
    const closed = await createSpeechProvider();
    const [offer] = closed.offers();
    await closed.close();
    await closed.close();
    if (!offer) throw new Error('no offer');
    const spoken = closed.speech.speech(
      { model: 'flite', voice: 'heart', input: 'Hello.' },
      { offer, jobOfferId: '', signal: new AbortController().signal },
    );
    await expect(spoken).rejects.toMatchObject({ code: 'engine-failed' });
    expect(closed.offers()).toEqual([]);
  });
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'anura-speech-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
