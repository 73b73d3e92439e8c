import { workerData } from 'node:worker_threads';
import type { SpeechVoice } from '../../speech-engine.ts';
import { resample } from '../audio/resample.ts';
import { speechSampleRate } from '../speaker.ts';
import { serveThread } from '../thread/serve-thread.ts';
import { askFlitePhones, sayWithFlite } from './flite-program.ts';
import { fliteVoices } from './flite-voices.ts';
import type { WasmModule } from './webassembly.ts';

/** What a Flite thread is asked: to say a sentence, or how it would be said. */
export type FliteRequest =
  | { readonly kind: 'say'; readonly text: string; readonly voice: SpeechVoice; readonly speed: number }
  | { readonly kind: 'phones'; readonly text: string };

const module = workerData as WasmModule;

serveThread(async (asked) => {
  const request = asked as FliteRequest;
  if (request.kind === 'phones') return askFlitePhones(module, request.text);
  const { samples, sampleRate } = await sayWithFlite(module, request.text, fliteVoices[request.voice], request.speed);
  return resample(samples, sampleRate, speechSampleRate);
});
