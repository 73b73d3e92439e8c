import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { readWav } from '../../engines/speech/audio/wav.ts';
import { createSpeechProvider } from '../../engines/speech/index.ts';
import { wallClock } from '../durable/wall-clock.ts';
import { openWorkshop } from './__fixtures__/workshop.ts';

it('reads a text aloud with the engine of this process, as a job', async () => {
  const provider = await createSpeechProvider();
  onTestFinished(() => provider.close());
  const { runner, media } = openWorkshop([provider], { clock: wallClock });
  runner.start();
  const request = { model: 'flite', input: 'Lily pads dance. The pond is still.', voice: 'heart' };
  const { record } = await media.submit({ kind: 'speech', request }, { keyId: 'key_1' });
  const done = await media.wait(record.id, 'key_1', 30_000, new AbortController().signal);
  expect(done).toMatchObject({ state: 'ResultsSubmitted', failure: null, result: { content_type: 'audio/wav' } });
  expect(done.progress?.part).toBeGreaterThan(0);
  const { stream } = await media.openResult(done);
  const { samples, sampleRate } = readWav(await buffer(stream));
  expect(samples.length / sampleRate).toBeGreaterThan(1);
});
