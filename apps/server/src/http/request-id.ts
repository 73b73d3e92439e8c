import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { maskKeys } from './mask-keys.ts';

/** Gives every request an id, the caller's own when it is a sensible one, and says it in `X-Request-Id`. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && isSensible(given) ? given : `req_${randomUUID()}`;
  response.locals['requestId'] = id;
  response.setHeader('X-Request-Id', id);
  next();
};

const isSensible = (id: string): boolean => /^[A-Za-z0-9_.:-]{1,128}$/.test(id) && maskKeys(id) === id;

export const requestIdOf = (response: Response): string => String(response.locals['requestId'] ?? '');
