import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Refusal, refusalReply } from '../reply.ts';
import type { Faults } from './fault.ts';

/** Faults that replace the answer. True when one of them did. */
export async function misbehaveAtOnce(response: ServerResponse, faults: Faults, signal: AbortSignal): Promise<boolean> {
  if (faults.hang) await forever(signal);
  else if (faults.status !== undefined) sendStatus(response, faults.status);
  else if (faults.redirect !== undefined) response.writeHead(307, { location: faults.redirect }).end();
  else if (faults.html) sendHtml(response);
  else if (faults.hugeLine !== undefined) await sendHugeLine(response, faults.hugeLine, signal);
  else if (faults.endlessHeaders) await sendEndlessHeaders(response, signal);
  else return false;
  return true;
}

async function forever(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

function sendStatus(response: ServerResponse, status: number): void {
  const reply = refusalReply(new Refusal(status, `The fake upstream was asked to answer ${status}.`));
  if (reply.kind === 'whole') response.writeHead(reply.status, reply.headers).end(reply.body);
}

function sendHtml(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end('<!doctype html><title>Sign in</title><h1>Sign in to the guest network</h1>');
}

async function sendHugeLine(response: ServerResponse, sizeBytes: number, signal: AbortSignal): Promise<void> {
  const block = Buffer.alloc(64 * 1024, 'a');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('data: {"choices":[{"index":0,"delta":{"content":"');
  for (let sent = 0; sent < sizeBytes && !signal.aborted; sent += block.length) await write(response, block, signal);
  response.end();
}

async function sendEndlessHeaders(response: ServerResponse, signal: AbortSignal): Promise<void> {
  const { socket } = response;
  if (!socket) return;
  socket.write('HTTP/1.1 200 OK\r\n');
  for (let line = 0; !signal.aborted; line++) {
    if (!socket.write(`x-header-${line}: ${'v'.repeat(200)}\r\n`)) {
      await once(socket, 'drain', { signal }).catch(() => undefined);
    }
    await nextTurn();
  }
}

async function write(response: ServerResponse, bytes: Buffer, signal: AbortSignal): Promise<void> {
  if (!response.write(bytes)) await once(response, 'drain', { signal }).catch(() => undefined);
}
