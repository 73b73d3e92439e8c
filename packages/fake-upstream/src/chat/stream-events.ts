import type { ChatCompletionChunk, ChatUsage, FinishReason } from '@anura/openapi';
import type { ReplyEvent } from '../reply.ts';
import { tokenLogprob } from './logprobs.ts';
import type { PlannedAnswer } from './plan-answer.ts';
import type { FakeChatRequest } from './read-request.ts';

type Choice = ChatCompletionChunk['choices'][number];

/** The events of a streamed answer: roles, tokens, finish reasons, the usage when it was asked for, `[DONE]`. */
export function* streamEvents(
  request: FakeChatRequest,
  answers: readonly PlannedAnswer[],
  usage: ChatUsage,
): Generator<ReplyEvent> {
  const withUsage = request.stream_options?.include_usage === true;
  const head = {
    id: `chatcmpl-${answers[0]?.seed.toString(16)}`,
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    system_fingerprint: 'fp_fake',
  };
  const event = (kind: ReplyEvent['kind'], choices: Choice[], sent: ChatUsage | null): ReplyEvent => ({
    kind,
    data: JSON.stringify({ ...head, choices, ...(withUsage && { usage: sent }) }),
  });
  for (const choices of interleave(answers.map((answer, index) => tokenChoices(request, answer, index)))) {
    yield event('token', [choices], null);
  }
  for (const [index, answer] of answers.entries())
    yield event('finish', [choice(index, {}, answer.finishReason)], null);
  if (withUsage) yield event('usage', [], usage);
  yield { kind: 'done', data: '[DONE]' };
}

function choice(index: number, delta: Choice['delta'], finishReason: FinishReason | null = null): Choice {
  return { index, delta, finish_reason: finishReason };
}

function* tokenChoices(request: FakeChatRequest, answer: PlannedAnswer, index: number): Generator<Choice> {
  yield choice(index, { role: 'assistant', content: '' });
  for (const token of answer.reasoning) yield choice(index, { reasoning_content: token });
  for (const token of answer.content) {
    const logprobs = request.logprobs && { content: [tokenLogprob(token, answer.seed, request.top_logprobs ?? 0)] };
    yield { ...choice(index, { content: token }), ...(logprobs && { logprobs }) };
  }
  for (const [place, call] of answer.toolCalls.entries()) {
    const opening = {
      index: place,
      id: call.id,
      type: 'function' as const,
      function: { name: call.name, arguments: '' },
    };
    yield choice(index, { tool_calls: [opening] });
    for (const piece of call.arguments)
      yield choice(index, { tool_calls: [{ index: place, function: { arguments: piece } }] });
  }
}

/** Takes one from each in turn until all are empty, as a server that generates several answers at once does. */
function* interleave<Item>(sources: readonly Iterator<Item>[]): Generator<Item> {
  let open = [...sources];
  while (open.length > 0) {
    const still: Iterator<Item>[] = [];
    for (const source of open) {
      const next = source.next();
      if (next.done) continue;
      yield next.value;
      still.push(source);
    }
    open = still;
  }
}
