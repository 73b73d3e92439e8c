import { AnuraError } from './anura-error.js';

/**
 * The URL the paths of the contract are appended to. The server's bare address, one that ends in `/v1` or `/api/v1`, and
 * any of them with slashes at the end are accepted; in a browser a path or `''` means the page's own server.
 */
export function apiUrl(baseUrl: string): string {
  const trimmed = baseUrl.trim().replace(/\/+$/, '');
  const relative = trimmed === '' || trimmed.startsWith('/');
  if (!relative && !isHttpUrl(trimmed)) {
    const hint = /^[\w.-]+(:\d+)?(\/|$)/.test(trimmed) ? ` Did you mean http://${trimmed}?` : '';
    throw new AnuraError(`The base URL "${baseUrl}" is not an http:// or https:// URL.${hint}`, {
      code: 'invalid_options',
      param: 'baseUrl',
    });
  }
  return trimmed.endsWith('/v1') ? trimmed : `${trimmed}/api/v1`;
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && search === '' && hash === '';
}
