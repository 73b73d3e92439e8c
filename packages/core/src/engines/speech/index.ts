export type { Speech, SpeechCall, SpeechEngine, SpeechRequest, SpeechVoice } from '../speech-engine.ts';
export { speechVoices } from '../speech-engine.ts';
export { createSpeechProvider, type SpeechProvider, type SpeechProviderOptions } from './speech-provider.ts';
