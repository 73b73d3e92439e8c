import type { Request, Response } from 'express';

/** How long a caller may be silent before its connection is closed, milliseconds. */
const idleMs = 500;
/** How long it may go on sending in all, milliseconds. */
const longestMs = 10_000;

/**
 * Answers a caller who may still be sending a body that nobody reads, then closes the connection. What still comes is
 * dropped for a while first: a connection closed with bytes unread is reset, and the reset can overtake the answer.
 */
export function answerAndClose(request: Request, response: Response, body: unknown): void {
  const text = JSON.stringify(body);
  response.set({ Connection: 'close', 'Content-Length': String(Buffer.byteLength(text)) }).type('json');
  response.write(text);
  const startedAt = performance.now();
  const idle = setTimeout(end, idleMs);
  request.on('data', () => {
    if (performance.now() - startedAt < longestMs) idle.refresh();
  });
  request.once('end', end).once('close', end).resume();

  function end(): void {
    clearTimeout(idle);
    response.end();
  }
}
