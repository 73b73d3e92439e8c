import { invalidOption } from './invalid-option.js';

/**
 * The URL the paths of the contract are appended to. The server's bare address, one that ends in `/v1` or `/api/v1`, and
 * any of them with slashes at the end are accepted; in a browser a path or `''` means the page's own server.
 */
export function apiUrl(baseUrl: unknown): string {
  if (typeof baseUrl !== 'string')
    throw invalidOption('baseUrl', 'createAnura needs a baseUrl, the server’s address, such as http://localhost:8484.');
  const trimmed = baseUrl.trim().replace(/\/+$/, '');
  if (!isPath(trimmed)) checkAddress(trimmed);
  return trimmed.endsWith('/v1') ? trimmed : `${trimmed}/api/v1`;
}

/** Asked on each call rather than at the start, because pages are rendered on servers, too. */
export function checkReachesFromHere(url: string): void {
  if (!isPath(url) || 'location' in globalThis) return;
  throw invalidOption(
    'baseUrl',
    `The base URL is a path (${url}), which leads somewhere only from a web page. Give the whole address, such as http://localhost:8484.`,
  );
}

const isPath = (url: string): boolean => url === '' || url.startsWith('/');

/** Text that is no URL is shown, because a typing error is seen best; parts of a URL are not, because they may be secret. */
function checkAddress(text: string): void {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    const hint = /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? ` Did you mean http://${text}?` : '';
    throw invalidOption('baseUrl', `The base URL "${text}" is not an http:// or https:// URL.${hint}`);
  }
  const { username, password, search, hash } = new URL(text);
  if (username || password)
    throw invalidOption(
      'baseUrl',
      'The base URL has a user name or password in it. Leave them out; the key goes into apiKey.',
    );
  if (search || hash)
    throw invalidOption(
      'baseUrl',
      'The base URL has something behind a ? or #. It ends with the path, such as /api/v1.',
    );
}
