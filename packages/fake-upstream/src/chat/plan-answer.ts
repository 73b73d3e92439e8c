import type { FinishReason } from '@anura/openapi';
import { jsonFromSchema } from '../json-from-schema.ts';
import type { FakeModel } from '../models.ts';
import { prose } from '../prose.ts';
import { createRandom, hashText } from '../random.ts';
import { tokenize } from '../tokens.ts';
import { type PlannedToolCall, planToolCalls } from './plan-tool-calls.ts';
import { countPromptTokens, type FakeChatRequest, lastUserText, messageText } from './read-request.ts';

/** One whole answer, cut into tokens, before anything is sent. */
export interface PlannedAnswer {
  readonly seed: number;
  readonly reasoning: readonly string[];
  readonly content: readonly string[];
  readonly toolCalls: readonly PlannedToolCall[];
  readonly finishReason: FinishReason;
  readonly completionTokens: number;
}

/** What the model says: decided by model, messages, seed and the answer's number, by nothing else. `seen` describes the images. */
export function planAnswer(request: FakeChatRequest, model: FakeModel, index: number, seen = ''): PlannedAnswer {
  const seed = hashText(JSON.stringify([model.name, request.messages, request.seed ?? 0, index]));
  const toolCalls = planToolCalls(request, seed);
  const reasoning = model.capabilities.includes('reasoning')
    ? tokenize(`The question is short. ${prose(createRandom(seed ^ 1), 12)}`)
    : [];
  const text = toolCalls.length > 0 ? '' : answerText(request, seed, seen);
  const stopped = cutAtStop(text, request.stop);
  return limit({ seed, reasoning, content: tokenize(stopped), toolCalls }, tokenLimit(request, model));
}

function answerText(request: FakeChatRequest, seed: number, seen: string): string {
  const prompt = lastUserText(request.messages);
  const format = request.response_format;
  if (format?.type === 'json_schema') return JSON.stringify(jsonFromSchema(format.json_schema?.schema, seed, prompt));
  if (format?.type === 'json_object') return JSON.stringify({ answer: prose(createRandom(seed), 8), seed });
  const last = request.messages.at(-1);
  if (last?.role === 'tool') return `The tool said: ${messageText(last).slice(0, 500)}`;
  return seen + plainText(request, prompt, seed);
}

/** `echo: TEXT` is answered with TEXT and `write 50 words` with 50 words; anything else with a few sentences. */
function plainText(request: FakeChatRequest, prompt: string, seed: number): string {
  const echoed = /^echo:\s*(.*)$/is.exec(prompt)?.[1];
  if (echoed !== undefined) return echoed;
  const random = createRandom(seed);
  const wanted = /\b(\d{1,5}) words\b/i.exec(prompt)?.[1];
  if (request.ignore_eos) return prose(random, request.max_completion_tokens ?? request.max_tokens ?? 1000);
  return wanted === undefined ? prose(random) : prose(random, Number(wanted));
}

function tokenLimit(request: FakeChatRequest, model: FakeModel): number {
  const room = model.contextLength - countPromptTokens(request);
  return Math.min(room, request.max_completion_tokens ?? request.max_tokens ?? room);
}

function cutAtStop(text: string, stop: FakeChatRequest['stop']): string {
  const stops = typeof stop === 'string' ? [stop] : (stop ?? []);
  const places = stops.map((one) => (one === '' ? -1 : text.indexOf(one))).filter((place) => place >= 0);
  return places.length > 0 ? text.slice(0, Math.min(...places)) : text;
}

type Uncut = Pick<PlannedAnswer, 'seed' | 'reasoning' | 'content' | 'toolCalls'>;

function limit({ seed, reasoning, content, toolCalls }: Uncut, maxTokens: number): PlannedAnswer {
  let left = maxTokens;
  const take = (tokens: readonly string[]) => {
    const taken = tokens.slice(0, left);
    left -= taken.length;
    return taken;
  };
  const kept = { reasoning: take(reasoning), content: take(content) };
  const keptCalls = toolCalls
    .map((call) => ({ ...call, arguments: take(call.arguments) }))
    .filter((call) => call.arguments.length > 0);
  const wanted = [reasoning, content, ...toolCalls.map((call) => call.arguments)].reduce(
    (sum, tokens) => sum + tokens.length,
    0,
  );
  const completionTokens = maxTokens - left;
  const whole = keptCalls.length > 0 ? 'tool_calls' : 'stop';
  return {
    seed,
    ...kept,
    toolCalls: keptCalls,
    finishReason: completionTokens < wanted ? 'length' : whole,
    completionTokens,
  };
}
