import type { RequestHandler, Response } from 'express';

/**
 * Makes the spellings of one address the same before anything looks at it: doubled slashes (from a base URL that ends in
 * one), a trailing slash, and `/v1` for `/api/v1`. Content-Type loses its parameters: the validator compiles and keeps one
 * validator for every distinct value it sees, so a caller could fill the memory. Its charset and its boundary are kept for
 * `charsetOf` and `boundaryOf`.
 */
export const normaliseRequest: RequestHandler = (request, response, next) => {
  request.url = normalisePath(request.url);
  request.originalUrl = request.url; // the validator matches this one
  const type = request.headers['content-type'];
  if (type?.includes(';')) {
    response.locals['charset'] = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1];
    response.locals['boundary'] = /;\s*boundary\s*=\s*"?([^";\s]*)/i.exec(type)?.[1];
    request.headers['content-type'] = type.slice(0, type.indexOf(';')).trim();
  }
  next();
};

/** The charset the body was said to be in; undefined when nothing was said. */
export const charsetOf = (response: Response): string | undefined => response.locals['charset'] as string | undefined;

/** What stands between the fields of a form; undefined when it is none. */
export const boundaryOf = (response: Response): string | undefined => response.locals['boundary'] as string | undefined;

export function normalisePath(url: string): string {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  const single = path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
  const mounted = /^\/v1(?:\/|$)/.test(single) ? `/api${single}` : single;
  return query < 0 ? mounted : mounted + url.slice(query);
}
