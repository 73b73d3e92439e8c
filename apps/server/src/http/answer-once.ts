import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  fingerprintOf,
  type IdempotentAnswers,
  type IdempotentRequest,
  type StoredAnswer,
} from '@anura/core/idempotency';
import type { ChatCompletion } from '@anura/openapi';
import type { Request, Response } from 'express';
import type { OperationId } from '../operations/operation.ts';
import { replayChat } from './replay-chat.ts';

/** Operations whose answers are kept for a repeated `Idempotency-Key`. Those that make jobs keep the job instead. */
const keeping = new Set<OperationId>(['createChatCompletion', 'createEmbedding', 'webSearch']);

export interface OnceOptions {
  readonly operation: OperationId;
  readonly keyId: string;
  readonly answers: IdempotentAnswers;
}

/** Runs the handler, or sends what it answered to the same request under the same `Idempotency-Key`, streams included. */
export async function answerOnce(
  request: Request,
  response: Response,
  { operation, keyId, answers }: OnceOptions,
  handle: () => Promise<unknown>,
): Promise<void> {
  const key = request.get('idempotency-key');
  const isStream = (request.body as { stream?: unknown } | undefined)?.stream === true;
  if (key === undefined || !keeping.has(operation)) return void (await handle());
  const once = { keyId, key, fingerprint: fingerprintOf(operation, request.body) };
  if (isStream) return await streamOnce(response, once, answers, handle);
  const { answer, repeated } = await answers.run(once, () => caught(response, handle));
  if (repeated) response.set({ ...answer.headers, 'Idempotent-Replayed': 'true' });
  response.status(answer.status).json(JSON.parse(answer.body));
}

/**
 * A stream goes out while it is made; what it came to is kept once it is complete. One that broke off is not: whoever waited
 * for its answer under the same key begins anew.
 */
async function streamOnce(
  response: Response,
  once: IdempotentRequest,
  answers: IdempotentAnswers,
  handle: () => Promise<unknown>,
): Promise<void> {
  response.locals['keepAnswer'] = true;
  while (!response.headersSent && !response.destroyed) {
    try {
      const { answer, repeated } = await answers.run(once, () => streamed(response, handle));
      if (!repeated) return;
      response.set({ ...answer.headers, 'Idempotent-Replayed': 'true' });
      return replayChat(JSON.parse(answer.body) as ChatCompletion, response);
    } catch (error) {
      if (error !== brokeOff) throw error;
      await nextTurn(); // whoever ran it has to let go of the key first
    }
  }
}

/** The caller of the stream was told in it already. */
const brokeOff = new Error('The stream broke off.');

async function streamed(response: Response, handle: () => Promise<unknown>): Promise<StoredAnswer> {
  await handle();
  const complete: unknown = response.locals['answer'];
  if (complete === undefined) throw brokeOff;
  return { status: 200, headers: jobHeader(response), body: JSON.stringify(complete) };
}

function jobHeader(response: Response): Record<string, string> {
  const jobOfferId = response.getHeader('Job-Offer-Id');
  return typeof jobOfferId === 'string' ? { 'Job-Offer-Id': jobOfferId } : {};
}

/** What the handler answers, kept back. */
async function caught(response: Response, handle: () => Promise<unknown>): Promise<StoredAnswer> {
  const { promise, resolve } = Promise.withResolvers<StoredAnswer>();
  const send = response.json;
  response.json = (body: unknown) => {
    resolve({ status: response.statusCode, headers: jobHeader(response), body: JSON.stringify(body) });
    return response;
  };
  try {
    await handle();
    return await promise;
  } finally {
    response.json = send;
  }
}
