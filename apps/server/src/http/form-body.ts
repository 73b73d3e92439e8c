import { GatewayError } from '@anura/core';
import express, { type RequestHandler } from 'express';
import { boundaryOf } from './normalise-request.ts';

/**
 * Reads the forms that OpenAI's SDK sends into what JSON would have said, so that nobody behind it can tell.
 *
 * @param forms the paths that take forms, with the names of their fields that are numbers.
 */
export function formBody(limitBytes: number, forms: Readonly<Record<string, readonly string[]>>): RequestHandler {
  const readBytes = express.raw({ limit: limitBytes, type: 'multipart/form-data' });
  return (request, response, next) => {
    const numbers = request.method === 'POST' ? forms[request.path] : undefined;
    if (!numbers || request.headers['content-type']?.toLowerCase() !== 'multipart/form-data') return next();
    readBytes(request, response, (error?: unknown) => {
      if (error) return next(error);
      readForm(request.body, boundaryOf(response), numbers).then((body) => {
        request.body = body;
        request.headers['content-type'] = 'application/json';
        next();
      }, next);
    });
  };
}

async function readForm(
  bytes: unknown,
  boundary: string | undefined,
  numbers: readonly string[],
): Promise<Record<string, unknown>> {
  const form = await parse(bytes, boundary);
  const body: Record<string, unknown> = {};
  for (const [name, value] of form) {
    // A file stands for itself, so that an operation that takes none can say so.
    body[name] = typeof value !== 'string' ? { file: value.name } : numbers.includes(name) ? toNumber(value) : value;
  }
  return body;
}

async function parse(bytes: unknown, boundary: string | undefined): Promise<FormData> {
  try {
    const body = new Uint8Array(bytes as Buffer);
    return await new Response(body, {
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    }).formData();
  } catch (cause) {
    throw new GatewayError('invalid-request', 'The body is not a form as its Content-Type says.', { cause });
  }
}

const toNumber = (text: string): unknown => (/^-?\d{1,16}$/.test(text) ? Number(text) : text);
