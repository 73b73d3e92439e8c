export { backOffMs } from './errors/back-off.ts';
export {
  type ErrorCode,
  type ErrorData,
  GatewayError,
  type GatewayErrorOptions,
  type Retry,
} from './errors/gateway-error.ts';
export { type PreciseErrorCode, type WireError, type WireErrorCode, wireErrors } from './errors/wire-errors.ts';
export { isJobId, jobId } from './jobs/job-id.ts';
export { isFinal, isUnfinished, type JobEventType, type JobPosition, jobStates, nextState } from './jobs/job-state.ts';
export { pollDelayMs } from './jobs/poll-delay.ts';
export { ChatFold } from './streams/fold-chat.ts';
