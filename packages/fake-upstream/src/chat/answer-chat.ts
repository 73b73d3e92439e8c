import type { ChatCompletion, ChatUsage } from '@anura/openapi';
import type { FakeModel } from '../models.ts';
import { jsonReply, type Reply } from '../reply.ts';
import { describeImages } from './describe-images.ts';
import { tokenLogprob } from './logprobs.ts';
import { type PlannedAnswer, planAnswer } from './plan-answer.ts';
import { checkChatRequest, countPromptTokens, type FakeChatRequest, imageUrls } from './read-request.ts';
import { streamEvents } from './stream-events.ts';

/** `POST /v1/chat/completions` */
export async function answerChat(request: FakeChatRequest, model: FakeModel): Promise<Reply> {
  checkChatRequest(request, model);
  const seen = await describeImages(imageUrls(request.messages));
  const answers = Array.from({ length: request.n ?? 1 }, (_, index) => planAnswer(request, model, index, seen));
  const usage = countUsage(request, answers);
  if (request.stream) return { kind: 'stream', events: streamEvents(request, answers, usage) };
  return jsonReply(completion(request, answers, usage), { tokens: usage.completion_tokens });
}

function countUsage(request: FakeChatRequest, answers: readonly PlannedAnswer[]): ChatUsage {
  const prompt = countPromptTokens(request);
  const completion = answers.reduce((sum, answer) => sum + answer.completionTokens, 0);
  const reasoning = answers.reduce((sum, answer) => sum + answer.reasoning.length, 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(reasoning > 0 && { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

function completion(request: FakeChatRequest, answers: readonly PlannedAnswer[], usage: ChatUsage): ChatCompletion {
  return {
    id: `chatcmpl-${answers[0]?.seed.toString(16)}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    system_fingerprint: 'fp_fake',
    choices: answers.map((answer, index) => ({
      index,
      message: message(answer),
      finish_reason: answer.finishReason,
      ...(request.logprobs && {
        logprobs: {
          content: answer.content.map((token) => tokenLogprob(token, answer.seed, request.top_logprobs ?? 0)),
        },
      }),
    })),
    usage,
  };
}

function message(answer: PlannedAnswer): ChatCompletion['choices'][number]['message'] {
  const calls = answer.toolCalls.map((call) => ({
    id: call.id,
    type: 'function' as const,
    function: { name: call.name, arguments: call.arguments.join('') },
  }));
  return {
    role: 'assistant',
    content: answer.content.join(''),
    ...(answer.reasoning.length > 0 && { reasoning_content: answer.reasoning.join('') }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}
