import type { Dispatcher } from 'undici';

/** Thrown when a body is larger than we read. */
export class BodyTooLarge extends Error {
  constructor(limitBytes: number) {
    super(`The body is larger than ${limitBytes} bytes.`);
    this.name = 'BodyTooLarge';
  }
}

/** The whole body. Throws `BodyTooLarge`, and cuts the connection, at the first byte above the limit. */
export async function readBytes(body: Dispatcher.ResponseData['body'], limitBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    sizeBytes += part.length;
    // Leaving the loop destroys the body.
    if (sizeBytes > limitBytes) throw new BodyTooLarge(limitBytes);
    parts.push(part);
  }
  return Buffer.concat(parts, sizeBytes);
}

export async function readText(body: Dispatcher.ResponseData['body'], limitBytes: number): Promise<string> {
  return (await readBytes(body, limitBytes)).toString('utf8');
}
