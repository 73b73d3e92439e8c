import { fingerprintOf, type IdempotentAnswers, type StoredAnswer } from '@anura/core/idempotency';
import type { Request, Response } from 'express';
import type { OperationId } from '../operations/operation.ts';

/** Operations whose answers are kept for a repeated `Idempotency-Key`. Those that make jobs keep the job instead. */
const keeping = new Set<OperationId>(['createChatCompletion', 'createEmbedding', 'webSearch']);

export interface OnceOptions {
  readonly operation: OperationId;
  readonly keyId: string;
  readonly answers: IdempotentAnswers;
}

/**
 * Runs the handler, or sends what it answered to the same request under the same `Idempotency-Key`. A streamed answer is
 * not kept: it is made anew.
 */
export async function answerOnce(
  request: Request,
  response: Response,
  { operation, keyId, answers }: OnceOptions,
  handle: () => Promise<unknown>,
): Promise<void> {
  const key = request.get('idempotency-key');
  const isStream = (request.body as { stream?: unknown } | undefined)?.stream === true;
  if (key === undefined || isStream || !keeping.has(operation)) return void (await handle());
  const fingerprint = fingerprintOf(operation, request.body);
  const { answer, repeated } = await answers.run({ keyId, key, fingerprint }, () => caught(response, handle));
  if (repeated) response.set({ ...answer.headers, 'Idempotent-Replayed': 'true' });
  response.status(answer.status).json(JSON.parse(answer.body));
}

/** What the handler answers, kept back. */
async function caught(response: Response, handle: () => Promise<unknown>): Promise<StoredAnswer> {
  const { promise, resolve } = Promise.withResolvers<StoredAnswer>();
  const send = response.json;
  response.json = (body: unknown) => {
    const jobOfferId = response.getHeader('Job-Offer-Id');
    const headers = typeof jobOfferId === 'string' ? { 'Job-Offer-Id': jobOfferId } : {};
    resolve({ status: response.statusCode, headers, body: JSON.stringify(body) });
    return response;
  };
  try {
    await handle();
    return await promise;
  } finally {
    response.json = send;
  }
}
