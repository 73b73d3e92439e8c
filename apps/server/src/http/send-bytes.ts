import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GatewayError } from '@anura/core';
import type { Request, Response } from 'express';
import { type ByteRange, readRange } from './byte-range.ts';

/** Bytes that never change under their tag. */
export interface ByteSource {
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Without quotes. */
  readonly tag: string;
  /** A name to save it under, plain ASCII. */
  readonly fileName: string;
  /** Called at most once. */
  read(range?: ByteRange): AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;
}

/**
 * Sends the bytes, a part of them, or 304, as `Range`, `If-Range` and `If-None-Match` ask. Resolves with whether the whole
 * of it was sent. A caller who leaves is no error; a source that breaks off cuts the connection, so that nobody takes a
 * part for the whole.
 */
export async function sendBytes(
  request: Pick<Request, 'get'>,
  response: Response,
  source: ByteSource,
): Promise<boolean> {
  const etag = `"${source.tag}"`;
  if (matches(request.get('if-none-match'), etag)) {
    response.status(304).set({ ETag: etag, 'Cache-Control': cacheControl }).end();
    return false;
  }
  const ifRange = request.get('if-range');
  const range = ifRange === undefined || ifRange === etag ? readRange(request.get('range'), source.sizeBytes) : 'whole';
  if (range === 'unsatisfiable') throw unsatisfiable(response, source.sizeBytes);
  const part = range === 'whole' ? undefined : range;
  const bytes = await source.read(part); // before the headers: a source that cannot be opened is a proper error
  response.status(part ? 206 : 200).set(headersOf(source, etag, part));
  response.setTimeout(stalledMs, () => response.destroy());
  let sentBytes = 0;
  const counted = async function* () {
    for await (const chunk of bytes) {
      yield chunk;
      sentBytes += chunk.length;
    }
  };
  try {
    await pipeline(Readable.from(counted(), { objectMode: false }), response);
  } catch (error) {
    if (!isLeaving(error)) throw error;
  }
  // Not by `writableFinished`: a caller who has all of it may close the connection before that is noticed.
  return part === undefined && sentBytes === source.sizeBytes;
}

/** How long a caller may take nothing before it counts as gone. */
const stalledMs = 60_000;

/** Kept by the caller alone, and asked about each time: a deleted result is not to be seen again. */
const cacheControl = 'private, no-cache';

function headersOf({ sizeBytes, contentType, fileName }: ByteSource, etag: string, part: ByteRange | undefined) {
  return {
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': cacheControl,
    'Content-Disposition': `inline; filename="${fileName}"`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Type': contentType,
    'Content-Length': String(part ? part.end - part.start + 1 : sizeBytes),
    ...(part ? { 'Content-Range': `bytes ${part.start}-${part.end}/${sizeBytes}` } : {}),
  };
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()));
}

const isLeaving = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

function unsatisfiable(response: Response, sizeBytes: number): GatewayError {
  response.set('Content-Range', `bytes */${sizeBytes}`);
  return new GatewayError(
    'invalid-request',
    `The result has ${sizeBytes} bytes; Range asks for what comes after them.`,
    {
      param: 'Range',
      openaiCode: 'range_not_satisfiable',
    },
  );
}
