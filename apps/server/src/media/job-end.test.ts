import type { GatewayError } from '@anura/core';
import type { JobRecord } from '@anura/core/jobs';
import { expect, test } from 'vitest';
import { errorAnswer } from '../http/error-answers.ts';
import { endError } from './job-end.ts';
import { openAIVideo } from './openai-video.ts';

const id = 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn';

function job(state: JobRecord['state'], more: Partial<JobRecord> = {}): JobRecord {
  const steps = [{ state: 'DealNegotiating' as const, atMs: 1000, sequence: 1 }];
  const times = { createdAtMs: 1000, updatedAtMs: 5000, history: [...steps, { state, atMs: 5000, sequence: 2 }] };
  const nothing = { deal: null, failure: null, result: null, artifactId: null, progress: null };
  return { id, kind: 'video', model: 'films', keyId: 'key_1', state, ...times, ...nothing, ...more };
}

const failed = job('ResultsSubmitted', {
  failure: { code: 'engine-failed', message: 'The model drew nothing.', openaiCode: 'provider_failed' },
});

test.each([
  ['JobOfferCancelled', 409, 'job_cancelled'],
  ['JobTimedOut', 504, 'job_timed_out'],
  ['TimeoutMatch', 503, 'no_provider'],
  ['TimeoutExecution', 504, 'provider_timeout'],
  ['TimeoutDownload', 404, 'result_expired'],
] as const)('a job that ended as %s answers %d', (state, status, code) => {
  const { body } = errorAnswer(endError(job(state)) as GatewayError);
  expect(body).toMatchObject({ status, error: { code }, data: { job_offer_id: id, job_state: state } });
});

test('a failed job answers with what failed', () => {
  const { body } = errorAnswer(endError(failed) as GatewayError);
  expect(body).toMatchObject({
    status: 502,
    message: 'The model drew nothing.',
    data: { job_state: 'ResultsSubmitted' },
  });
});

test.each(['ResultsSubmitted', 'ResultsAccepted'] as const)('there is something to fetch from %s', (state) => {
  expect(endError(job(state))).toBeUndefined();
});

test('OpenAI’s words for the states of a video', () => {
  const video = (record: JobRecord) => openAIVideo(record, { prompt: 'a frog', width: 64, height: 48 });
  expect(video(job('DealNegotiating'))).toMatchObject({
    status: 'queued',
    progress: 0,
    prompt: 'a frog',
    size: '64x48',
  });
  const halfway = job('DealAgreed', { progress: { part: 0.529, atMs: 1, sequence: 3 } });
  expect(video(halfway)).toMatchObject({ status: 'in_progress', progress: 52, completed_at: null });
  expect(video(job('ResultsSubmitted'))).toMatchObject({ status: 'completed', progress: 100, completed_at: 5 });
  expect(video(failed)).toMatchObject({ status: 'failed', error: { code: 'provider_failed' }, completed_at: null });
  expect(video(job('TimeoutMatch'))).toMatchObject({ status: 'failed', error: { code: 'TimeoutMatch' } });
});
