export type { RequestCaller } from './caller.ts';
export type { ChatRun } from './chat-run.ts';
export { type EmbeddingAnswer, Gateway, type GatewayOptions } from './gateway.ts';
export type { WorkRecord, WorkSummary } from './work-record.ts';
