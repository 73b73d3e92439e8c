import { BodyTooLarge, readText } from './read-body.ts';
import type { Upstream, UpstreamAnswer, UpstreamRequest } from './upstream.ts';

/** Sends a request and parses the whole answer. Throws a `GatewayError` for anything but JSON below the limit. */
export async function askJson(upstream: Upstream, request: UpstreamRequest, limitBytes: number): Promise<unknown> {
  return readJson(upstream, await upstream.send(request), limitBytes);
}

/** Parses an answer whose headers are here already. */
export async function readJson(
  upstream: Upstream,
  { body, contentType }: UpstreamAnswer,
  limitBytes: number,
): Promise<unknown> {
  let text: string;
  try {
    text = await readText(body, limitBytes);
  } catch (error) {
    throw error instanceof BodyTooLarge
      ? upstream.unreadable(`answered more than ${limitBytes} bytes`)
      : upstream.broken(error);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw upstream.unreadable(
      /html/i.test(contentType) ? 'answered with a web page instead of JSON' : 'answered with JSON that cannot be read',
    );
  }
}
