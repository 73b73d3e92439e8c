import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { GatewayError } from '@anura/core';
import { errorAnswer } from './error-answers.ts';

/** What Node's HTTP parser calls its refusals, and what to answer; everything else is 400. */
const refusals: Record<string, { status: string; message: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: 'The headers are larger than 16 KB together.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', message: 'The request did not arrive in time.' },
};

const malformed = { status: '400 Bad Request', message: 'This is not an HTTP/1.1 request that can be read.' };

/** Gives what is no HTTP request the same error body as everything else, then ends the connection. */
export function answerProtocolErrors(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const { status, message } = refusals[error.code ?? ''] ?? malformed;
    const { body } = errorAnswer(new GatewayError('invalid-request', message));
    const text = JSON.stringify({ ...body, status: Number(status.slice(0, 3)) });
    const head = `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}`;
    socket.end(`HTTP/1.1 ${status}\r\n${head}\r\nConnection: close\r\n\r\n${text}`);
  });
}
