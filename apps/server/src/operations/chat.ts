import { ChatFold, GatewayError } from '@anura/core';
import type { ChatRun, Gateway, WorkRecord } from '@anura/core/gateway';
import type { Response } from 'express';
import { errorAnswer } from '../http/error-answers.ts';
import { EventStream } from '../http/event-stream.ts';
import { requestIdOf } from '../http/request-id.ts';
import { timingsOf } from '../http/server-timing.ts';
import type { Logger } from '../log/logger.ts';
import type { Handlers } from './operation.ts';

export interface ChatDependencies {
  readonly gateway: Gateway;
  readonly log: Logger;
  /** Log what is asked and answered. Off unless the operator wants it. */
  readonly logPrompts: boolean;
}

export function chatOperations({ gateway, log, logPrompts }: ChatDependencies): Pick<Handlers, 'createChatCompletion'> {
  return {
    async createChatCompletion(request, response, { requester, signal }) {
      const { body } = request;
      const requestId = requestIdOf(response);
      if (logPrompts) log.info({ requestId, messages: body.messages }, 'prompt');
      const { run, record } = await gateway.chat(body, requester, signal);
      response.setHeader('Job-Offer-Id', run.jobOfferId);
      const said = new ChatFold();
      if (!body.stream) await answerChat(run, record, response, said);
      else {
        const keep = response.locals['keepAnswer'] === true; // under an Idempotency-Key
        const complete = await streamChat(run, record, response, log, logPrompts || keep ? said : undefined);
        if (complete && keep) response.locals['answer'] = said.answer();
      }
      if (logPrompts) log.info({ requestId, messages: said.answer().choices.map(({ message }) => message) }, 'answer');
    },
  };
}

/** The plain answer: a fold over the stream. */
async function answerChat(run: ChatRun, record: WorkRecord, response: Response, fold: ChatFold): Promise<void> {
  for await (const chunk of run.chunks()) fold.add(chunk);
  noteTimings(record, response);
  response.setHeader('Server-Timing', timingsOf(response).header());
  response.json(fold.answer());
}

/**
 * Sends each chunk as it comes. Headers and the first chunk leave before the model has said anything. `fold`, if any, hears
 * them all. True when the answer is complete.
 */
async function streamChat(
  run: ChatRun,
  record: WorkRecord,
  response: Response,
  log: Logger,
  fold: ChatFold | undefined,
): Promise<boolean> {
  response.setHeader('Server-Timing', timingsOf(response).header());
  const events = new EventStream(response, { heartbeat: () => JSON.stringify(run.heartbeat()) });
  let complete = false;
  try {
    for await (const chunk of run.chunks()) {
      fold?.add(chunk);
      const drained = events.send(JSON.stringify(chunk));
      if (drained) await drained;
    }
    complete = true;
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    response.locals['error'] = error;
    if (error.code === 'internal')
      log.error({ requestId: requestIdOf(response), err: error.cause ?? error }, 'stream failed');
    if (error.code !== 'cancelled') void events.send(JSON.stringify(errorAnswer(error).body));
  } finally {
    noteTimings(record, response);
    events.end(complete, timingsOf(response).header());
  }
  return complete;
}

function noteTimings(record: WorkRecord, response: Response): void {
  const timings = timingsOf(response);
  if (record.queueMs !== undefined) timings.mark('queue', record.queueMs);
  if (record.firstTokenMs !== undefined) timings.mark('first_token', record.firstTokenMs);
  timings.mark('total');
}
