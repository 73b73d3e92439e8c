export {
  type ErrorCode,
  type ErrorData,
  GatewayError,
  type GatewayErrorOptions,
  type Retry,
} from './errors/gateway-error.ts';
export { isJobId, jobId } from './jobs/job-id.ts';
export { isFinal, isUnfinished, type JobEventType, type JobPosition, jobStates, nextState } from './jobs/job-state.ts';
export { ChatFold } from './streams/fold-chat.ts';
