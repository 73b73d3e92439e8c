import { GatewayError } from '@anura/core';
import { describeJob, isJobId, type JobLog } from '@anura/core/jobs';
import { errorAnswer } from '../http/error-answers.ts';
import { envelope } from './envelope.ts';
import type { Handlers } from './operation.ts';

export function jobOperations({ jobs }: { jobs: JobLog }): Pick<Handlers, 'getJob'> {
  return {
    async getJob({ params }, response, { caller }) {
      const record = isJobId(params.id) ? await jobs.get(params.id, caller.id) : undefined;
      if (!record)
        throw new GatewayError('not-found', 'There is no job with this id among the jobs of this key.', {
          param: 'id',
        });
      const job = describeJob(record, (error) => errorAnswer(error).body.error);
      response.json(envelope('Retrieved job successfully', job));
    },
  };
}
