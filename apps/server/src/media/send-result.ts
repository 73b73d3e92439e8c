import { GatewayError } from '@anura/core';
import type { JobRecord, MediaJobs } from '@anura/core/jobs';
import type { Request, Response } from 'express';
import type { ByteRange } from '../http/byte-range.ts';
import { sendBytes } from '../http/send-bytes.ts';
import { endError } from './job-end.ts';

type Asked = Pick<Request, 'get'>;

/**
 * Sends what a job that is over has made. Once all of it was sent, the job's results count as accepted.
 *
 * @throws GatewayError why there is nothing.
 */
export async function sendResult(
  record: JobRecord,
  media: MediaJobs,
  request: Asked,
  response: Response,
): Promise<void> {
  const problem = endError(record);
  if (problem) throw problem;
  const { result } = record;
  if (!result) throw noResult(record);
  const { content_type: contentType, size_bytes: sizeBytes } = result;
  const fileName = `${record.id}.${extensionOf(contentType)}`;
  const read = async (range?: ByteRange) => (await media.openResult(record, range)).stream;
  const whole = await sendBytes(request, response, { sizeBytes, contentType, tag: record.id, fileName, read });
  if (whole && record.state === 'ResultsSubmitted') await media.fetched(record);
}

const extensions: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/webp': 'webp',
  'audio/wav': 'wav',
  'video/mp4': 'mp4',
};

const extensionOf = (contentType: string): string => extensions[contentType] ?? 'bin';

const noResult = ({ id: jobOfferId, state: jobState }: JobRecord): GatewayError =>
  new GatewayError('not-found', 'This job was answered as it was made; nothing of it was kept.', {
    openaiCode: 'no_result',
    jobOfferId,
    jobState,
  });
