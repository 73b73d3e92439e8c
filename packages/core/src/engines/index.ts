export type { ChatEngine, ChatEngineChunk } from './chat-engine.ts';
export type { EmbeddingEngine, EmbeddingResult } from './embedding-engine.ts';
export type { EngineCall } from './engine-call.ts';
export type { Provider } from './provider.ts';
