import type { ResourceOffer } from '../../catalog/resource-offer.ts';
import type { DrawingCall, ImageRequest } from '../../engines/image-engine.ts';
import type { SpeechRequest } from '../../engines/speech-engine.ts';
import type { VideoOperation, VideoRequest } from '../../engines/video-engine.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { ClaimedJob, JobLease } from '../durable/durable-job-store.ts';
import type { DurableJobs } from '../durable/durable-jobs.ts';
import { animate } from './animate.ts';
import type { Product } from './check-product.ts';
import type { MediaKind, MediaProvider } from './media-provider.ts';
import { ProgressNotes } from './progress-notes.ts';

export interface Making {
  readonly jobs: DurableJobs;
  readonly claimed: ClaimedJob;
  readonly kind: MediaKind;
  readonly offer: ResourceOffer;
  readonly provider: MediaProvider | undefined;
  readonly signal: AbortSignal;
  /** Time between two questions about a video, milliseconds. */
  readonly pollMs: number;
  /** Time between two notes of progress, milliseconds. */
  readonly progressMs: number;
  /** Asked after a video was not delivered: whether the work goes on for a later attempt. */
  readonly isStillWanted: () => boolean;
}

/** Lets the provider make it: pictures and speech in one call, videos by starting and asking. */
export async function makeProduct(making: Making): Promise<Product> {
  const { jobs, claimed, kind, offer, provider, signal } = making;
  const notes = new ProgressNotes(jobs, leaseOf(claimed), making.progressMs);
  const call: DrawingCall = { offer, signal, jobOfferId: claimed.id, onProgress: (part) => notes.add(part) };
  // Admitted when it was submitted, and checked again by engines, which refuse by name what they cannot read.
  const request: unknown = { ...claimed.input, model: offer.model };
  try {
    if (kind === 'image' && provider?.images) return await provider.images.image(request as ImageRequest, call);
    if (kind === 'speech' && provider?.speech) return await provider.speech.speech(request as SpeechRequest, call);
    if (kind === 'video' && provider?.videos) return await makeVideo(request as VideoRequest, call, making);
  } finally {
    await notes.close();
  }
  throw new GatewayError('engine-failed', `The provider ${offer.provider} cannot do this any more.`, {
    retry: 'elsewhere',
  });
}

async function makeVideo(request: VideoRequest, call: DrawingCall, making: Making): Promise<Product> {
  const { jobs, claimed, offer, provider, pollMs, isStillWanted } = making;
  if (!provider?.videos) throw new TypeError('makeVideo needs an engine that makes videos');
  // Only the offer that began the work knows it.
  let operation = claimed.operation?.offerId === offer.id ? (claimed.operation.state as VideoOperation) : undefined;
  try {
    return await animate(provider.videos, request, call, {
      clock: jobs.clock,
      pollMs,
      operation,
      keepOperation: async (begun) => {
        operation = begun;
        if (!(await jobs.saveOperation(leaseOf(claimed), { offerId: offer.id, state: begun }))) throw lostJob();
      },
      onProgress: (part) => call.onProgress?.(part),
    });
  } catch (error) {
    // Work that nobody will ask for any more should not hold the machine. That it goes on is a waste, not a failure.
    if (operation && !isStillWanted()) await provider.videos.cancel(operation).catch(() => undefined);
    throw error;
  }
}

export function leaseOf({ id, attempt }: ClaimedJob): JobLease {
  return { id, attempt };
}

export function lostJob(): GatewayError {
  return new GatewayError('cancelled', 'The job was ended or taken over meanwhile.');
}
