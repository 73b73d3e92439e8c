import type { IncomingHttpHeaders } from 'node:http';

/** A key is 68 characters; nothing much longer is worth hashing. */
const longestKey = 512;

/** The key a request carries, from `Authorization: Bearer …` or `X-API-Key`; undefined when there is none to try. */
export function bearerKey(headers: IncomingHttpHeaders): string | undefined {
  const { authorization, 'x-api-key': apiKey } = headers;
  const key = authorization === undefined ? apiKey : /^bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  return typeof key === 'string' && key !== '' && key.length <= longestKey ? key : undefined;
}
