export { isJobId, jobId } from './job-id.ts';
export { JobLog, type JobLogOptions, type LoggedJob } from './job-log.ts';
export { describeJob, type JobEvent, type JobFailure, type JobRecord, type JobRequest } from './job-record.ts';
export type { JobEventType } from './job-state.ts';
export type { JobStore } from './job-store.ts';
export { JobSweeper, type JobSweeperOptions } from './job-sweeper.ts';
