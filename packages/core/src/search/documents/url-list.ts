import { GatewayError } from '../../errors/gateway-error.ts';

const mostUrls = 10_000;

/**
 * Reads a list of pages: one http or https address a line; empty lines and lines that begin with `#` are passed over.
 *
 * @throws GatewayError `invalid-request` naming the line at fault.
 */
export function readUrlList(text: string): readonly URL[] {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const urls = lines
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, number }) => readUrl(line, number));
  if (urls.length > mostUrls) throw invalid(`The list has ${urls.length} addresses; at most ${mostUrls} are taken.`);
  return [...new Map(urls.map((url) => [url.href, url])).values()];
}

function readUrl(line: string, number: number): URL {
  const url = URL.canParse(line) ? new URL(line) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw invalid(`Line ${number} of the list is not an http or https address.`);
  if (url.username || url.password) throw invalid(`Line ${number} of the list holds a password, which would be shown.`);
  url.hash = '';
  return url;
}

function invalid(message: string): GatewayError {
  return new GatewayError('invalid-request', message, { param: 'urls' });
}
