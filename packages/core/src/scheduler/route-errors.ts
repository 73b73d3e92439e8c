import type { Capability } from '@anura/openapi';
import type { ResourceOffer } from '../catalog/resource-offer.ts';
import { type ErrorData, GatewayError } from '../errors/gateway-error.ts';
import { closestNames } from './closest-names.ts';
import type { JobOffer } from './job-offer.ts';
import type { Refusal } from './plan.ts';

/** The request field that asks for a capability. */
const paramOf: Record<Capability, string> = {
  tools: 'tools',
  vision: 'messages',
  json_schema: 'response_format',
  reasoning: 'reasoning_effort',
};
const listedModels = 8;

/** Nobody offers the model: says which models there are, closest names first, and how to add it. */
export function unknownModel(model: string, known: readonly string[]): GatewayError {
  const closest = closestNames(model, known);
  const others = known.filter((name) => !closest.includes(name)).slice(0, Math.max(0, listedModels - closest.length));
  const parts = [
    `No provider offers the model '${model}'.`,
    closest.length > 0 ? `Did you mean ${closest.join(' or ')}?` : '',
    others.length > 0 ? `${closest.length > 0 ? 'Also there' : 'There is'}: ${others.join(', ')}.` : '',
    known.length === 0 ? 'No model is offered at all now.' : 'GET /models lists all.',
    `The operator can add it with: anura pull ${model}`,
  ];
  return new GatewayError('not-found', parts.filter(Boolean).join(' '), {
    param: 'model',
    openaiCode: 'model_not_found',
  });
}

/** The model was offered until a moment ago: worth waiting for. */
export function goneModel(model: string, goneForMs: number, retryAfterMs: number): GatewayError {
  const seconds = Math.ceil(goneForMs / 1000);
  return new GatewayError(
    'no-capacity',
    `No provider offers ${model} right now; the last one went away ${seconds} s ago. Try again, or choose another model.`,
    { retryAfterMs },
  );
}

/** Providers have the model, but none could ever run this request. `elsewhere` are models that could. */
export function impossible(job: JobOffer, refusals: readonly Refusal[], elsewhere: readonly string[]): GatewayError {
  const data = { refusals: refusalData(refusals) };
  const sameModality = refusals.map(({ offer }) => offer).filter((offer) => offer.modality === job.modality);
  const [other] = refusals;
  if (sameModality.length === 0 && other) {
    const message = `${job.model} makes ${other.offer.modality}, not ${job.modality}.${suggestion(job.modality, elsewhere)}`;
    return new GatewayError('invalid-request', message, { ...data, param: 'model' });
  }
  const able = sameModality.filter((offer) =>
    job.needs.capabilities.every((need) => offer.capabilities.includes(need)),
  );
  return able.length === 0 ? incapable(job, sameModality, elsewhere, data) : tooLong(job, able, data);
}

function incapable(job: JobOffer, offers: readonly ResourceOffer[], elsewhere: readonly string[], data: ErrorData) {
  const nobodyHas = (need: Capability) => !offers.some((offer) => offer.capabilities.includes(need));
  const missing = job.needs.capabilities.filter(nobodyHas);
  const wanted = missing.length > 0 ? missing : job.needs.capabilities;
  const together = missing.length > 0 ? '' : ' together';
  const message =
    `no provider offers ${wanted.join(' and ')}${together} for ${job.model}; ` +
    `${offers.length} ${offers.length === 1 ? 'offers' : 'offer'} it without.${suggestion(wanted.join(' and '), elsewhere)}`;
  const [first] = wanted;
  return new GatewayError('invalid-request', message, { ...data, ...(first && { param: paramOf[first] }) });
}

function tooLong(job: JobOffer, offers: readonly ResourceOffer[], data: ErrorData): GatewayError {
  const needed = job.needs.contextTokens ?? 0;
  const longest = Math.max(...offers.map(({ contextLength }) => contextLength ?? 0));
  // Only an offer without slots is able, long enough and still refused.
  if (longest >= needed) {
    return new GatewayError('no-capacity', `No provider of ${job.model} has a slot to run it in.`, data);
  }
  return new GatewayError(
    'invalid-request',
    `This request needs about ${needed} tokens of context, and ${job.model} has ${longest}. Shorten the messages or choose a model with a longer context.`,
    { ...data, param: 'messages', openaiCode: 'context_length_exceeded' },
  );
}

const suggestion = (what: string, models: readonly string[]): string =>
  models.length === 0 ? '' : ` Models with ${what}: ${models.slice(0, listedModels).join(', ')}.`;

/** Everybody who could run it is resting after failures, or was tried by this very request. */
export function noneHealthy(job: JobOffer, refusals: readonly Refusal[], retryAfterMs: number): GatewayError {
  const tried = refusals.every(({ kind }) => kind !== 'resting');
  const message = tried
    ? `Every provider of ${job.model} that could run this request has failed it.`
    : `No provider of ${job.model} is healthy now. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
  return new GatewayError('no-capacity', message, { retryAfterMs, refusals: refusalData(refusals) });
}

/** The queue, or the key's share of it, is full. */
export function queueFull(model: string, whose: 'everybody' | 'key', retryAfterMs: number): GatewayError {
  const message =
    whose === 'key'
      ? `This key has its share of requests waiting already; the request for ${model} was not queued.`
      : `Too many requests are waiting; the request for ${model} was not queued.`;
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new GatewayError('rate-limited', `${message} Try again in ${seconds} s.`, { retryAfterMs });
}

/** No slot became free in time. */
export function waitedTooLong(model: string, waitedMs: number, retryAfterMs: number): GatewayError {
  const seconds = Math.round(waitedMs / 1000);
  return new GatewayError(
    'engine-timeout',
    `No provider had a free slot for ${model} within ${seconds} s. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    { retryAfterMs },
  );
}

export function shuttingDown(): GatewayError {
  return new GatewayError('no-capacity', 'This server is shutting down. Try again in a moment.', {
    retryAfterMs: 5000,
  });
}

/** The error that an aborted signal stands for. */
export function abortError(signal: AbortSignal): GatewayError {
  if (GatewayError.is(signal.reason)) return signal.reason;
  return new GatewayError('cancelled', 'The caller left while the request was waiting.', { cause: signal.reason });
}

const refusalData = (refusals: readonly Refusal[]) =>
  refusals.map(({ offer, reason }) => ({ provider: offer.provider, model: offer.model, reason }));
