import { expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { applyJobEvent, describeJob, errorOf, type JobEvent, openJob } from './job-record.ts';

const describeError = ({ message, code, data }: GatewayError) => ({
  message,
  type: 'server_error',
  param: data.param ?? null,
  code: data.openaiCode ?? code,
});

it('describes a finished job in the words of the wire', () => {
  const record = advance([{ type: 'deal-agreed', provider: 'local' }, { type: 'results-submitted' }]);
  expect(describeJob(record, describeError)).toEqual({
    job_offer_id: record.id,
    job_state: 'ResultsSubmitted',
    kind: 'chat',
    model: 'tadpole',
    created_at: '1970-01-01T00:00:01.000Z',
    updated_at: '1970-01-01T00:00:01.002Z',
    progress: null,
    error: null,
    deal: { provider: 'local', agreed_at: '1970-01-01T00:00:01.001Z' },
    history: [
      { state: 'DealNegotiating', at: '1970-01-01T00:00:01.000Z' },
      { state: 'DealAgreed', at: '1970-01-01T00:00:01.001Z' },
      { state: 'ResultsSubmitted', at: '1970-01-01T00:00:01.002Z' },
    ],
    result: null,
  });
});

it('keeps of an error what is needed to tell it again', () => {
  const error = new GatewayError('invalid-request', 'The prompt is too long.', {
    param: 'messages',
    openaiCode: 'context_length_exceeded',
    cause: new Error('inside'),
  });
  const record = advance([
    { type: 'deal-agreed', provider: 'local' },
    { type: 'job-failed', error },
  ]);
  const kept = record.failure === null ? undefined : errorOf(JSON.parse(JSON.stringify(record.failure)));
  expect(kept).toMatchObject({ code: error.code, message: error.message, data: error.data });
  expect(describeJob(record, describeError).error).toEqual({
    message: 'The prompt is too long.',
    type: 'server_error',
    param: 'messages',
    code: 'context_length_exceeded',
  });
});

it('says what there is to fetch once it is there', () => {
  const result = { content_type: 'image/png', size_bytes: 12, url: '/api/v1/jobs/x/result' };
  const record = advance([
    { type: 'deal-agreed', provider: 'local' },
    { type: 'results-submitted', result },
  ]);
  expect(describeJob(record, describeError).result).toEqual(result);
});

function advance(events: readonly JobEvent[]) {
  let record = openJob({ kind: 'chat', model: 'tadpole', keyId: 'key_1' }, 1000);
  for (const [index, event] of events.entries()) record = applyJobEvent(record, event, 1001 + index) ?? record;
  return record;
}
