import { GatewayError } from '../errors/gateway-error.ts';
import { untilNextMonthMs } from './monthly-tokens.ts';

export function tooManyCalls(perSecond: number, waitMs: number): GatewayError {
  return new GatewayError(
    'rate-limited',
    `This key may make ${perSecond} calls per second. Try again in ${inSeconds(waitMs)}.`,
    { retryAfterMs: Math.ceil(waitMs) },
  );
}

/** How long running requests take is not known; a second is a polite guess. */
export function tooManyAtOnce(limit: number): GatewayError {
  return new GatewayError('rate-limited', `This key may have ${limit} requests running at once. Wait for one to end.`, {
    retryAfterMs: 1000,
  });
}

export function tooManyTokens(asked: number, perMinute: number, waitMs: number): GatewayError {
  if (waitMs === Number.POSITIVE_INFINITY) {
    const message = `This request may use ${asked} tokens, and this key ${perMinute} per minute. Shorten it or lower max_tokens.`;
    return new GatewayError('rate-limited', message);
  }
  return new GatewayError(
    'rate-limited',
    `This key may use ${perMinute} tokens per minute, and this request up to ${asked}. Try again in ${inSeconds(waitMs)}.`,
    { retryAfterMs: Math.ceil(waitMs) },
  );
}

export function monthUsedUp(asked: number, left: number, limit: number, nowMs: number): GatewayError {
  return new GatewayError(
    'rate-limited',
    `This key has ${Math.max(0, left)} of its ${limit} tokens left this month, and this request may use ${asked}. Lower max_tokens, or ask the operator for more.`,
    { retryAfterMs: untilNextMonthMs(nowMs), openaiCode: 'insufficient_quota' },
  );
}

const inSeconds = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1000))} s`;
