import { usageFailure } from './failure.ts';

/** Refuses an address with a name or password in it, which would end up in logs and profiles. The client checks the rest. */
export function checkServerUrl(url: string): string {
  // In a browser the client takes these for the page's own server; a command has no page.
  if (url.trim() === '' || url.startsWith('/'))
    throw usageFailure(`"${url}" is no address of a server. One looks like http://127.0.0.1:8484`);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed?.username && !parsed?.password) return url;
  throw usageFailure(`The address of ${parsed.host} holds a name or password. Leave it out; --key gives the key.`);
}

/** Whether two addresses are of the same server, however they are written: a key of one may be sent to the other. */
export function isSameServer(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && addressOf(one) === addressOf(other);
}

/** `http://Host:80/api/v1/` and `http://host` are the same. */
function addressOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, '').replace(/(\/api)?\/v1$/, '');
}
