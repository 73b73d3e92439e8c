export { AnuraError, type AnuraErrorDetails, type ClientErrorCode } from './anura-error.js';
export type { CallOptions } from './call.js';
export type { AnuraOptions } from './connection.js';
export { type Anura, type CreateOptions, createAnura, type JobsQuery, type UsageQuery } from './create-anura.js';
export type { MadeBytes } from './fetch-bytes.js';
export type * from './generated/types.gen.js';
export type { JobOutcome } from './job-result.js';
export type { WaitOptions } from './wait-for-job.js';
