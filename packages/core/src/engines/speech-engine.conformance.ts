import { describe, expect, it } from 'vitest';
import type { ResourceOffer } from '../catalog/resource-offer.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { readWav } from './speech/audio/wav.ts';
import { type SpeechEngine, type SpeechRequest, speechVoices } from './speech-engine.ts';

export interface SpeechSubject {
  readonly engine: SpeechEngine;
  readonly offer: ResourceOffer;
}

/** What every speech engine does. `subject` is asked once for each test; whoever made it closes it. */
export function testSpeechEngine(name: string, subject: () => SpeechSubject): void {
  const long = 'This sentence is said again and again, so that there is time to stop it. '.repeat(40);
  const call = (signal = new AbortController().signal, onProgress: (progress: number) => void = () => {}) => ({
    offer: subject().offer,
    jobOfferId: 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn',
    signal,
    onProgress,
  });
  const request = (change: Partial<SpeechRequest> = {}): SpeechRequest => ({
    model: subject().offer.model,
    input: 'Lily pads dance.',
    voice: 'heart',
    ...change,
  });
  const say = (change: Partial<SpeechRequest> = {}) => subject().engine.speech(request(change), call());

  describe(`${name} as a speech engine`, () => {
    it('answers a WAV file, 24 kHz mono 16 bit, that lasts as long as it says', async () => {
      const { bytes, contentType, seconds, sampleRate } = await say();
      const sound = readWav(bytes);
      expect(contentType).toBe('audio/wav');
      expect([sampleRate, sound.sampleRate]).toEqual([24_000, 24_000]);
      expect(sound.samples.length / 24_000).toBeCloseTo(seconds, 6);
      expect(seconds).toBeGreaterThan(0.2);
    });

    it('takes longer for a longer text', async () => {
      const [short, longer] = [await say(), await say({ input: 'Lily pads dance. The frogs look on from the bank.' })];
      expect(longer.seconds).toBeGreaterThan(short.seconds * 1.5);
    });

    it('sounds different in each voice', async () => {
      const spoken = await Promise.all(speechVoices.map((voice) => say({ voice })));
      expect(new Set(spoken.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).size).toBe(speechVoices.length);
    });

    it('says the same in the same way twice', async () => {
      const [first, second] = await Promise.all([say(), say()]);
      expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
    });

    it('speaks faster when asked to', async () => {
      const [plain, fast] = [await say(), await say({ speed: 2 })];
      expect(fast.seconds / plain.seconds).toBeGreaterThan(0.4);
      expect(fast.seconds / plain.seconds).toBeLessThan(0.65);
    });

    it('tells how far it is, sentence by sentence, ending with all of it', async () => {
      const told: number[] = [];
      await subject().engine.speech(
        request({ input: 'One. And two. And at last three.' }),
        call(undefined, (progress) => told.push(progress)),
      );
      expect(told).toHaveLength(3);
      expect(told).toEqual([...told].sort((a, b) => a - b));
      expect(told.at(-1)).toBe(1);
    });

    it.each<[string, Partial<SpeechRequest>]>([
      ['voice', { voice: 'alloy' }],
      ['voice', { voice: 'constructor' }],
      ['input', { input: '' }],
      ['input', { input: ' \n\t ' }],
      ['input', { input: '… — !?' }],
      ['input', { input: '\u{1f438}\u{1f438}' }],
      ['input', { input: '\u0000\u0007\u001b' }],
      ['input', { input: '日本語' }],
      ['input', { input: 'a'.repeat(4097) }],
      ['speed', { speed: 0.2 }],
      ['speed', { speed: 4.1 }],
      ['speed', { speed: Number.NaN }],
    ])('refuses a bad %s by name, before and when it is asked to speak', async (param, change) => {
      const refusal = { code: 'invalid-request', data: { param } };
      expect(() => subject().engine.admit(request(change), call())).toThrow(expect.objectContaining(refusal));
      await expect(say(change)).rejects.toMatchObject(refusal);
    });

    it.each([
      '-voice kal',
      '--help',
      '<speak><break time="9999s"/>hello</speak>',
      'nul \u0000 bell \u0007 escape \u001b[31m done',
      'caf\u00e9 na\u00efve Stra\u00dfe \u{1f468}\u200d\u{1f469}\u200d\u{1f467} ok',
      'x'.repeat(300),
      '%s%n $(reboot) `id` ../../etc/passwd',
      '\ud800 half a character',
    ])('says %j without harm', async (input) => {
      expect((await say({ input })).seconds).toBeGreaterThan(0.1);
    });

    it('stops soon when the caller leaves in the middle of a sentence', async () => {
      const caller = new AbortController();
      const spoken = subject().engine.speech(
        request({ input: long }),
        call(caller.signal, () => setImmediate(() => caller.abort())),
      );
      caller.signal.addEventListener('abort', () => performance.mark('left'));
      await expect(spoken).rejects.toMatchObject({ code: 'cancelled' });
      expect(performance.now() - (performance.getEntriesByName('left').at(-1)?.startTime ?? 0)).toBeLessThan(250);
    });

    it('does not begin for a caller who has left, and passes on why', async () => {
      const why = new GatewayError('engine-timeout', 'Too late.');
      await expect(subject().engine.speech(request(), call(AbortSignal.abort(why)))).rejects.toBe(why);
    });

    it('speaks to others while some leave', async () => {
      const leavers = Array.from({ length: 6 }, () => new AbortController());
      const left = leavers.map(({ signal }) => subject().engine.speech(request({ input: long }), call(signal)));
      const settled = Promise.allSettled(left);
      const stayed = Promise.all([say(), say()]);
      for (const leaver of leavers) leaver.abort();
      expect((await stayed).every(({ seconds }) => seconds > 0.2)).toBe(true);
      expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
    });
  });
}
