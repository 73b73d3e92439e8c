import type { ResourceOffer } from '../catalog/resource-offer.ts';
import type { EngineCall } from '../engines/engine-call.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { NewJob } from './durable/durable-job-store.ts';
import type { MediaRequest } from './media-request.ts';
import { mediaJobOffer } from './runner/media-job-offer.ts';
import type { MediaProvider } from './runner/media-provider.ts';

export interface MediaSurroundings {
  readonly scheduler: Pick<Scheduler, 'explain'>;
  readonly providers: readonly MediaProvider[];
}

/**
 * Refuses at once what could only fail later: a model nobody offers (`not-found`, with the closest names) or that makes
 * something else, and what the engine would refuse (`invalid-request`).
 */
export function checkMediaRequest(media: MediaRequest, { record, input }: NewJob, around: MediaSurroundings): void {
  const { kind, model } = record;
  const { scheduler, providers } = around;
  const candidates = providers.flatMap((provider) => provider.offers().map((offer) => ({ provider, offer })));
  const named = candidates.filter(({ offer }) => offer.model === model);
  if (named.length === 0) {
    // Throws `not-found` in the scheduler's words; a model that left a moment ago is worth waiting for.
    scheduler.explain(mediaJobOffer({ ...record, kind: media.kind, input }));
    return;
  }
  const able = named.find(({ offer }) => offer.modality === kind);
  if (!able) throw makesSomethingElse(model, named[0]?.offer, kind);
  admit(media, able.provider, {
    offer: able.offer,
    signal: new AbortController().signal,
    jobOfferId: record.id,
  });
}

/** The model is the offer's, so that an alias works. */
function admit({ kind, request }: MediaRequest, provider: MediaProvider, call: EngineCall): void {
  const { model } = call.offer;
  if (kind === 'image') provider.images?.admit({ ...request, model }, call);
  else if (kind === 'video') provider.videos?.admit({ ...request, model }, call);
  else provider.speech?.admit({ ...request, model }, call);
}

const makesSomethingElse = (model: string, offer: ResourceOffer | undefined, kind: string): GatewayError =>
  new GatewayError(
    'invalid-request',
    `${model} makes ${offer?.modality ?? 'something else'}, not ${kind}. Choose another model.`,
    {
      param: 'model',
    },
  );
