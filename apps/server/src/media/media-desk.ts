import { GatewayError } from '@anura/core';
import type { ArtifactStore } from '@anura/core/artifacts';
import { fingerprintOf } from '@anura/core/idempotency';
import type { JobLog, JobRecord, MediaJobs, MediaRequest } from '@anura/core/jobs';
import type { Model } from '@anura/openapi';
import type { Request } from 'express';
import type { OperationContext } from '../operations/operation.ts';
import { unknownMediaModel } from './unknown-media-model.ts';

/** What the operations on pictures, videos and speech work with. */
export interface MediaDesk {
  readonly media: MediaJobs;
  /** Lists jobs of every kind. */
  readonly log: JobLog;
  readonly artifacts: ArtifactStore;
  /** The models on offer now. */
  readonly models: () => readonly Model[];
}

/** Who asks, and what beside the work itself. */
export interface Ordering {
  readonly request: Pick<Request, 'get'>;
  readonly context: OperationContext;
  readonly webhookUrl?: string | null | undefined;
  /** Which of several pieces of work of one request. Default 0. */
  readonly nth?: number;
}

export interface Ordered {
  readonly record: JobRecord;
  /** Whether an earlier request with the same `Idempotency-Key` made the job. */
  readonly repeated: boolean;
}

/** Makes a job of the work: it is on the disk when this resolves. Throws what `MediaJobs.submit` throws. */
export async function order(work: MediaRequest, { media, models }: MediaDesk, ordering: Ordering): Promise<Ordered> {
  const { request, context, webhookUrl, nth = 0 } = ordering;
  const given = request.get('idempotency-key');
  const key = given !== undefined && nth > 0 ? `${given}#${nth}` : given;
  // Over the request itself: what beside it says nothing about what to make, such as `Prefer`, may differ.
  const fingerprint = fingerprintOf(
    work.kind,
    JSON.parse(JSON.stringify({ ...work.request, webhook_url: webhookUrl })),
  );
  try {
    return await media.submit(work, context.requester, {
      ...(webhookUrl == null ? {} : { webhookUrl }),
      ...(key === undefined ? {} : { idempotency: { key, fingerprint } }),
    });
  } catch (error) {
    const isUnknown = GatewayError.is(error) && error.data.openaiCode === 'model_not_found';
    throw isUnknown ? unknownMediaModel(work, models()) : error;
  }
}
