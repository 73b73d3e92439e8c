import { GatewayError } from '@anura/core';
import express, { type RequestHandler } from 'express';
import { nestingDepth } from './nesting.ts';

/** Deeper than any JSON Schema a person writes, shallow enough for every recursive walk. */
const deepest = 100;

/** Reads JSON bodies of up to `limitBytes`, unpacked size. Larger, malformed and too deeply nested ones are refused. */
export function jsonBody(limitBytes: number): RequestHandler {
  return express.json({
    limit: limitBytes,
    verify: (_request, _response, body) => {
      if (nestingDepth(body, deepest) <= deepest) return;
      throw new GatewayError('invalid-request', `The body is nested more than ${deepest} levels deep.`);
    },
  });
}
