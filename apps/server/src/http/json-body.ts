import { GatewayError } from '@anura/core';
import express, { type NextFunction, type Request, type RequestHandler } from 'express';
import { nestingDepth } from './nesting.ts';
import { charsetOf } from './normalise-request.ts';

/** Deeper than any JSON Schema a person writes, shallow enough for every recursive walk. */
const deepest = 100;

/** Reads JSON bodies of up to `limitBytes`, unpacked size. Larger, malformed, too deeply nested and not UTF-8 ones are refused. */
export function jsonBody(limitBytes: number): RequestHandler {
  const read = express.json({
    limit: limitBytes,
    verify: (_request, _response, body) => {
      if (nestingDepth(body, deepest) <= deepest) return;
      throw new GatewayError('invalid-request', `The body is nested more than ${deepest} levels deep.`);
    },
  });
  return (request, response, next) => {
    const charset = charsetOf(response);
    // Read as UTF-8 all the same, its letters would silently become others.
    if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw unsupportedCharset(charset);
    if (Number(request.headers['content-length']) > limitBytes) throw tooLarge(limitBytes);
    read(request, response, giveUpAt(limitBytes, request, next));
  };
}

/**
 * Calls `next` as soon as a body of unknown length passes the limit: the parser would first read it to its end, which may
 * never come.
 */
function giveUpAt(limitBytes: number, request: Request, next: NextFunction): NextFunction {
  if (request.headers['transfer-encoding'] === undefined) return next;
  let sizeBytes = 0;
  let gaveUp = false;
  request.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= limitBytes || gaveUp) return;
    gaveUp = true;
    next(tooLarge(limitBytes));
  });
  return (error?: unknown) => {
    if (!gaveUp) next(error);
  };
}

/** Both in the form body parsers throw, with the status beside the message. */
const tooLarge = (limit: number): Error => Object.assign(new Error('The body is too large.'), { status: 413, limit });

const unsupportedCharset = (charset: string): Error =>
  Object.assign(new Error(`The charset ${charset} is not supported.`), { status: 415 });
