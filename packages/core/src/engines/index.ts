export type { ChatEngine, ChatEngineChunk } from './chat-engine.ts';
export type { EmbeddingEngine, EmbeddingResult } from './embedding-engine.ts';
export type { EngineCall } from './engine-call.ts';
export type { DrawingCall, ImageEngine, ImageRequest, Picture } from './image-engine.ts';
export { createMemoryBudget, type MemoryBudget, type MemoryClaim, type MemoryHold } from './memory-budget.ts';
export type { Provider } from './provider.ts';
export { type Speech, type SpeechCall, type SpeechEngine, type SpeechRequest, speechVoices } from './speech-engine.ts';
export type { Video, VideoEngine, VideoOperation, VideoRequest, VideoStatus } from './video-engine.ts';
export { watchFolders } from './watch-folders.ts';
