import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Faults } from './faults/fault.ts';
import { misbehaveAtOnce } from './faults/misbehave.ts';
import { roughen, shapeEvents } from './faults/shape-events.ts';
import type { Reply } from './reply.ts';

/** How fast a real model would be. */
interface Pace {
  /** Milliseconds before the first token. */
  readonly firstTokenMs: number;
  /** 0 means at once. */
  readonly tokensPerSecond: number;
}

export interface Sending {
  readonly faults: Faults;
  readonly pace: Pace;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

/** Sends a reply at the given pace, with the given faults. Ends when the answer ended or the client left. */
export async function sendReply(response: ServerResponse, reply: Reply, sending: Sending): Promise<void> {
  const { faults, pace, signal } = sending;
  if (await misbehaveAtOnce(response, faults, signal)) return;
  await pause(faults.slowStartMs ?? pace.firstTokenMs, signal);
  if (reply.kind === 'whole') await sendWhole(response, reply, sending);
  else await sendStream(response, reply, sending);
}

const arrivalMs = 10;

async function sendWhole(
  response: ServerResponse,
  reply: Reply & { kind: 'whole' },
  { faults, pace, signal }: Sending,
) {
  if (pace.tokensPerSecond > 0) await pause((reply.tokens / pace.tokensPerSecond) * 1000, signal);
  const body = spoiled(reply, faults);
  const promisedBytes = body.length + (faults.wrongLength ? 100 : 0);
  response.writeHead(reply.status, { ...reply.headers, 'content-length': promisedBytes });
  if (faults.resetAfter !== undefined) {
    response.write(body.subarray(0, body.length >> 1));
    await reset(response, signal);
  } else if (faults.truncateAfter !== undefined || faults.wrongLength) {
    response.write(body.subarray(0, faults.wrongLength ? body.length : body.length >> 1));
    await pause(arrivalMs, signal);
    response.socket?.end();
  } else {
    response.end(body);
  }
}

function spoiled({ body, headers }: Reply & { kind: 'whole' }, faults: Faults): Buffer {
  if (faults.badJson) return Buffer.concat([Buffer.from('{"broken": '), body.subarray(0, -1)]);
  if (headers['content-type'] === 'application/json') return body;
  if (faults.halfFile) return body.subarray(0, body.length >> 1);
  return faults.wrongFile ? Buffer.alloc(body.length, 'frog') : body;
}

/** A reset throws away what the client's system has not handed over yet: what was sent gets time to arrive first. */
async function reset(response: ServerResponse, signal: AbortSignal): Promise<void> {
  await pause(arrivalMs, signal);
  response.socket?.resetAndDestroy();
}

async function sendStream(
  response: ServerResponse,
  reply: Reply & { kind: 'stream' },
  { faults, pace, signal }: Sending,
) {
  const length = faults.wrongLength ? { 'content-length': 1_000_000 } : {};
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...length });
  const betweenTokensMs = faults.dripMs ?? (pace.tokensPerSecond > 0 ? 1000 / pace.tokensPerSecond : 0);
  let sentEvents = 0;
  for (const event of shapeEvents(reply.events, faults)) {
    if (signal.aborted) return;
    if (sentEvents === faults.resetAfter) return reset(response, signal);
    if (sentEvents === faults.hangAfter) return pause(Number.POSITIVE_INFINITY, signal);
    if (sentEvents > 0 && event.kind === 'token') await pause(betweenTokensMs, signal);
    await sendEvent(response, `data: ${event.data}\n\n`, faults, signal);
    sentEvents++;
  }
  if (faults.wrongLength) response.socket?.end();
  else response.end();
}

async function sendEvent(response: ServerResponse, text: string, faults: Faults, signal: AbortSignal): Promise<void> {
  const parts = faults.rough ? roughen(text) : [text];
  for (const part of parts) {
    if (!response.write(part)) await once(response, 'drain', { signal }).catch(() => undefined);
    if (faults.rough) await nextTurn();
  }
}

/** Waits, or returns early when the client leaves. `Infinity` waits for just that. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return;
  if (milliseconds === Number.POSITIVE_INFINITY) await once(signal, 'abort');
  else await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
