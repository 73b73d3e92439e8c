import { GatewayError } from '../errors/gateway-error.ts';
import { networkError } from './network-error.ts';
import type { RegistryResponse } from './registry-http.ts';

/** The bytes of a blob from `offset` on. The one who asked consumes the chunks or leaves the iteration, which cuts the connection. */
export interface BlobStream {
  /** Where the registry really begins: 0 when it does not serve ranges. */
  readonly offset: number;
  readonly chunks: AsyncIterable<Buffer>;
}

/** What was asked for. */
export interface AskedBlob {
  /** What it is for, in messages. */
  readonly name: string;
  /** Bytes of the whole. */
  readonly size: number;
  readonly offset: number;
}

/**
 * The body of a 200 or 206 answer.
 *
 * @throws GatewayError `engine-failed` when the size is not the promised one.
 */
export function blobStream(response: RegistryResponse, asked: AskedBlob, signal: AbortSignal): BlobStream {
  const start = response.statusCode === 206 ? rangeStart(response, asked.size) : 0;
  const length = response.headers['content-length'];
  if ((start !== asked.offset && start !== 0) || (length !== undefined && start + Number(length) !== asked.size)) {
    // Undici reports the destruction as an error of the stream, which would end the process if nobody heard it.
    response.body.on('error', () => undefined).destroy();
    throw new GatewayError(
      'engine-failed',
      `The registry’s file for ${asked.name} is not of the size its manifest says.`,
    );
  }
  return { offset: start, chunks: chunksOf(response, signal) };
}

/** The first byte a 206 answer carries, when the answer is about this blob. */
function rangeStart(response: RegistryResponse, size: number): number | undefined {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(String(response.headers['content-range'] ?? ''));
  if (!match || (match[2] !== '*' && Number(match[2]) !== size)) return undefined;
  return Number(match[1]);
}

/** @throws GatewayError `engine-failed` when there is more. */
export async function readAtMost(response: RegistryResponse, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(response, signal)) {
    size += chunk.length;
    if (size > maxBytes)
      throw new GatewayError('engine-failed', `The registry answered with more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* chunksOf(response: RegistryResponse, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* response.body;
  } catch (error) {
    throw networkError(error, signal);
  }
}
