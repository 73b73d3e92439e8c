import type { RequestCaller } from '@anura/core/gateway';
import { effectiveLimits, type KeyLimiter, type KeyLimits, type Quota } from '@anura/core/limits';
import type { RequestHandler, Response } from 'express';
import { callerOf } from './caller.ts';

/** Counts the call for its key, says how the key stands in `X-RateLimit-*`, and answers 429 over the limit. */
export function limitCalls(limiter: KeyLimiter, defaults: KeyLimits): RequestHandler {
  return (_request, response, next) => {
    const caller = callerOf(response);
    if (caller === undefined) return next(); // an operation open to everyone
    const limits = effectiveLimits(caller.rate_limit, defaults);
    response.locals['requester'] = { keyId: caller.id, weight: caller.weight, limits } satisfies RequestCaller;
    const { refusal, requests, tokens } = limiter.countCall(caller.id, limits);
    if (requests) say(response, '', requests);
    if (tokens) say(response, '-Tokens', tokens);
    if (refusal) throw refusal;
    next();
  };
}

/** The caller as the gateway knows it. */
export const requesterOf = (response: Response): RequestCaller => response.locals['requester'] as RequestCaller;

/** `X-RateLimit-Reset` is seconds until the whole allowance is back. */
function say(response: Response, what: string, { limit, remaining, resetMs }: Quota): void {
  response.setHeader(`X-RateLimit-Limit${what}`, Math.floor(limit));
  response.setHeader(`X-RateLimit-Remaining${what}`, Math.floor(remaining));
  response.setHeader(`X-RateLimit-Reset${what}`, Math.ceil(resetMs / 1000));
}
