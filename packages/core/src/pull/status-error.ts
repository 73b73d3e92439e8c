import { z } from 'zod';
import { GatewayError } from '../errors/gateway-error.ts';
import { stopped } from './network-error.ts';
import type { RegistryResponse } from './registry-http.ts';

const maxBodyBytes = 4096;
const maxRetryAfterMs = 60_000;

/** The two shapes registries explain themselves in: Docker's list and Hugging Face's word. */
const bodySchema = z.object({
  error: z.string().optional(),
  errors: z.array(z.object({ message: z.string().optional() })).optional(),
});

/** Turns an answer that is not the wanted one into an error that says what to try next. Consumes the answer. */
export async function statusError(
  response: RegistryResponse,
  name: string,
  signal: AbortSignal,
): Promise<GatewayError> {
  const said = await explanation(response, signal);
  const status = response.statusCode;
  const data = { upstreamStatus: status };
  if (signal.aborted) return stopped(signal);
  if (status === 401 || status === 403) {
    return new GatewayError(
      'forbidden',
      `The registry does not hand out ${name} without a login: it is private, gated, or not there.${said}`,
      data,
    );
  }
  if (status === 404 || status === 400) {
    const advice = 'Check the spelling and the tag; a name without a tag means :latest.';
    return new GatewayError('not-found', `The registry has no model ${name}. ${advice}${said}`, data);
  }
  if (status === 429 || status >= 500) {
    return new GatewayError(
      status === 429 ? 'rate-limited' : 'engine-failed',
      `The registry is not able to answer now (${status}).${said}`,
      {
        ...data,
        retry: 'here',
        ...retryAfter(response),
      },
    );
  }
  return new GatewayError('engine-failed', `The registry answered ${status} for ${name}.${said}`, data);
}

function retryAfter(response: RegistryResponse): { retryAfterMs?: number } {
  const seconds = Number(response.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds * 1000, maxRetryAfterMs) } : {};
}

/** What the registry says in its own words: one line, at most 200 characters, no addresses. */
async function explanation(response: RegistryResponse, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > maxBodyBytes || signal.aborted) return '';
      chunks.push(chunk);
    }
    const body = bodySchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    const words = (body.error ?? body.errors?.[0]?.message ?? '')
      .replace(/https?:\S+/g, '…')
      .replace(/[\p{Cc}\s]+/gu, ' ');
    return words.trim() === '' ? '' : ` It says: ${JSON.stringify(words.trim().slice(0, 200))}.`;
  } catch {
    // The status alone says enough: error pages are often HTML, or cut.
    return '';
  }
}
