import type { IncomingMessage } from 'node:http';
import { Refusal } from './reply.ts';

const maxBodyBytes = 64 * 1024 * 1024;

/** The JSON object of a request's body; empty without a body. Throws a `Refusal`. */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    sizeBytes += part.length;
    if (sizeBytes > maxBodyBytes) throw new Refusal(413, `The body is larger than ${maxBodyBytes} bytes`);
    parts.push(part);
  }
  return parts.length === 0 ? {} : parseObject(Buffer.concat(parts).toString('utf8'));
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'The body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(400, 'The body must be a JSON object');
  return value as Record<string, unknown>;
}
