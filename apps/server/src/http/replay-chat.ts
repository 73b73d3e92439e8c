import type { ChatCompletion, ChatCompletionChoice, ChatCompletionChunk } from '@anura/openapi';
import type { Response } from 'express';
import { EventStream } from './event-stream.ts';
import { timingsOf } from './server-timing.ts';

/** Sends a kept answer as a stream: one chunk with all of each answer, one with the ends and the usage, `[DONE]`. */
export function replayChat(answer: ChatCompletion, response: Response): void {
  const events = new EventStream(response);
  for (const chunk of chunksOf(answer)) void events.send(JSON.stringify(chunk));
  const timings = timingsOf(response);
  timings.mark('total');
  events.end(true, timings.header());
}

function chunksOf({ choices, usage, ...head }: ChatCompletion): ChatCompletionChunk[] {
  const chunk = { ...head, object: 'chat.completion.chunk' as const };
  const ends = choices.map(({ index, finish_reason }) => ({ index, delta: {}, finish_reason }));
  return [
    { ...chunk, choices: choices.map(wholeChoice) },
    { ...chunk, choices: ends, usage },
  ];
}

function wholeChoice({ index, message, logprobs }: ChatCompletionChoice): ChatCompletionChunk['choices'][number] {
  const { tool_calls, ...said } = message;
  const calls = tool_calls?.map((call, at) => ({ ...call, index: call.index ?? at }));
  return {
    index,
    delta: { ...said, ...(calls ? { tool_calls: calls } : {}) },
    finish_reason: null,
    ...(logprobs ? { logprobs } : {}),
  };
}
