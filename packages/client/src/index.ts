export { AnuraError, type AnuraErrorDetails, type ClientErrorCode } from './anura-error.js';
export type { CallOptions } from './call.js';
export type { AnuraOptions } from './connection.js';
export { type Anura, createAnura, type UsageQuery } from './create-anura.js';
export type * from './generated/types.gen.js';
