import type { RequestHandler } from 'express';

const allowedHeaders =
  'Authorization, Content-Type, Accept, X-API-Key, Idempotency-Key, Prefer, Range, If-None-Match, Last-Event-ID, X-Request-Id';
const exposedHeaders =
  'Job-Offer-Id, Retry-After, X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Server-Timing, ' +
  'ETag, Accept-Ranges, Content-Range, Content-Disposition, Preference-Applied, ' +
  'Idempotent-Replayed';

/**
 * Lets browsers call the API: from every origin when `origins` holds `*`, else from those listed. Credentials are never
 * allowed, so an open policy gives a page nothing it could not ask for itself: the key is in a header the page must know.
 */
export function cors(origins: readonly string[]): RequestHandler {
  const open = origins.includes('*');
  return (request, response, next) => {
    const origin = request.headers.origin;
    const allowed = open ? '*' : origin !== undefined && origins.includes(origin) ? origin : undefined;
    if (!open) response.vary('Origin');
    if (allowed !== undefined) {
      response.setHeader('Access-Control-Allow-Origin', allowed);
      response.setHeader('Access-Control-Expose-Headers', exposedHeaders);
    }
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return next();
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE, OPTIONS');
    // The OpenAI SDK adds headers of its own (x-stainless-…), so what is asked for is granted beside the fixed list.
    const asked = request.headers['access-control-request-headers'];
    response.setHeader('Access-Control-Allow-Headers', asked ? `${allowedHeaders}, ${asked}` : allowedHeaders);
    response.setHeader('Access-Control-Max-Age', '86400');
    response.status(204).end();
  };
}
