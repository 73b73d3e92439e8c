import type { GatewayError } from '../errors/gateway-error.ts';
import type { Aliases } from './aliases.ts';
import type { JobOffer } from './job-offer.ts';
import { whyNot } from './match.ts';
import type { OfferBoard } from './offer-board.ts';
import type { Refusal, Route } from './plan.ts';
import { goneModel, impossible, noneHealthy, unknownModel } from './route-errors.ts';

/** A provider that failed everything else may be back when the client tries again. */
const triedRetryMs = 1000;

interface Surroundings {
  readonly board: OfferBoard;
  readonly aliases: Aliases;
  readonly nowMs: number;
  readonly rideOutMs: number;
}

/**
 * Why waiting would not help a job for which a plan found no candidate; undefined when a resting provider is tried again
 * within `rideOutMs`, which is worth waiting for.
 */
export function whyHopeless(job: JobOffer, { refusals }: Route, around: Surroundings): GatewayError | undefined {
  const { board, nowMs, rideOutMs } = around;
  if (refusals.length === 0) return nobodyHasModel(job, around);
  if (refusals.every(({ kind }) => kind === 'never')) return impossible(job, refusals, modelsThatCould(job, board));
  const restMs = shortestRestMs(refusals, nowMs);
  if (restMs === undefined) return noneHealthy(job, refusals, triedRetryMs);
  return restMs <= rideOutMs ? undefined : noneHealthy(job, refusals, Math.ceil(restMs));
}

function nobodyHasModel(job: JobOffer, { board, aliases, nowMs, rideOutMs }: Surroundings): GatewayError {
  const goneForMs = board.goneForMs(job.model, nowMs);
  if (goneForMs !== undefined) return goneModel(job.model, goneForMs, Math.max(rideOutMs, triedRetryMs));
  return unknownModel(job.model, [...board.models(), ...Object.keys(aliases)]);
}

function modelsThatCould(job: JobOffer, board: OfferBoard): string[] {
  const able = [...board.all()].filter(({ offer }) => whyNot({ ...job, model: offer.model }, offer) === undefined);
  return [...new Set(able.map(({ offer }) => offer.model))];
}

function shortestRestMs(refusals: readonly Refusal[], nowMs: number): number | undefined {
  const rests = refusals.flatMap(({ untilMs }) => (untilMs === undefined ? [] : [untilMs - nowMs]));
  return rests.length === 0 ? undefined : Math.min(...rests);
}
