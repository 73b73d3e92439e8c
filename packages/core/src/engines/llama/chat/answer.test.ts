import type { LlamaGrammar, LlamaGrammarEvaluationState, Token } from '@anura/node-llama-cpp';
import type { ChatCompletionChunkChoice } from '@anura/openapi';
import { describe, expect, it } from 'vitest';
import { type Detokenizer, TokenPieces } from '../output/token-text.ts';
import { Answer } from './answer.ts';
import type { AnswerPlan, ToolPlan } from './answer-plan.ts';
import { readSampling } from './sampling.ts';

const endToken = 0 as Token;
/** Every token is a word of this list, so a test says exactly where tokens end. */
const words: string[] = ['<end>'];
const detokenizer: Detokenizer = { detokenize: (tokens) => tokens.map((token) => words[token] ?? '').join('') };

function tokenOf(word: string): Token {
  if (!words.includes(word)) words.push(word);
  return words.indexOf(word) as Token;
}

const grammar = {} as LlamaGrammar;

function plan(fields: Partial<AnswerPlan> = {}): AnswerPlan {
  return {
    sampling: readSampling({ model: 'test', messages: [] }),
    pieces: new TokenPieces(detokenizer),
    maxTokens: 100,
    roomTokens: 100,
    thoughts: undefined,
    tools: undefined,
    format: undefined,
    endTexts: [],
    endsTurn: (token) => token === endToken,
    tokenize: (text) => [tokenOf(text)],
    startGrammar: () => ({}) as LlamaGrammarEvaluationState,
    ...fields,
  };
}

const thoughts = { prefix: '<think>', suffix: '</think>', openAtStart: false };

const tools: ToolPlan = {
  syntax: {
    triggers: ['<call>'],
    afterTrigger: '{"name": "',
    beforeArguments: '", "arguments": ',
    afterArguments: '}</call>',
    omitsEmptyArguments: false,
    furtherCalls: { between: '\n', trigger: '<call>', afterTrigger: '{"name": "' },
  },
  tools: [{ name: 'add', hasParameters: true }],
  demanded: false,
  parallel: true,
  grammar,
  furtherGrammar: grammar,
};

/** Feeds words to an answer. Returns what a reader sees and what was put in place of tokens. */
function run(answerPlan: AnswerPlan, given: readonly string[]) {
  const choices: ChatCompletionChunkChoice[] = [];
  const answer = new Answer(0, answerPlan, {
    ready: true,
    promptDone() {},
    emit: (choice) => choices.push(choice),
    done() {},
  });
  const replaced: string[] = [];
  for (const word of given) {
    const next = answer.tokenSampled({ token: word === '<end>' ? endToken : tokenOf(word) });
    if (Array.isArray(next)) replaced.push(detokenizer.detokenize(next));
    if (next === 'end') break;
  }
  const join = (key: 'content' | 'reasoning_content') => choices.map((choice) => choice.delta[key] ?? '').join('');
  const calls = choices.flatMap((choice) => choice.delta.tool_calls ?? []);
  return {
    content: join('content'),
    reasoning: join('reasoning_content'),
    calls: calls.map((call) => [call.index, call.function?.name ?? '', call.function?.arguments ?? '']),
    finish: choices.at(-1)?.finish_reason,
    replaced,
    grammar: answer.grammar(),
  };
}

describe('Answer', () => {
  it('separates thoughts from the answer', () => {
    const result = run(plan({ thoughts }), ['<think>', 'hmm', '</th', 'ink>', '\n\n', 'Yes.', '<end>']);
    expect(result).toMatchObject({ reasoning: 'hmm', content: 'Yes.', finish: 'stop' });
  });

  it('begins inside a thought that the template opened', () => {
    const open = { ...thoughts, prefix: undefined, openAtStart: true };
    const result = run(plan({ thoughts: open }), ['hmm', '</think>', 'Yes.', '<end>']);
    expect(result).toMatchObject({ reasoning: 'hmm', content: 'Yes.' });
  });

  it('lets the answer begin on clean ground when a token reaches over the end of a thought', () => {
    const format = { grammar, emptyDocument: '{}', check: () => undefined };
    const open = { ...thoughts, prefix: undefined, openAtStart: true };
    const result = run(plan({ thoughts: open, format }), ['hmm', '</think> so', '{"a":1}']);
    expect(result).toMatchObject({ replaced: ['</think>'], content: '{"a":1}', finish: 'stop' });
  });

  it('closes a thought for a model that ends its turn inside it and owes an answer', () => {
    const open = { ...thoughts, prefix: undefined, openAtStart: true };
    const demanded = { ...tools, demanded: true, parallel: false };
    const result = run(plan({ thoughts: open, tools: demanded }), ['hmm', '<end>', '{"name": "add", "arguments": {}']);
    expect(result).toMatchObject({ replaced: ['</think><call>'], calls: [[0, 'add', '{}']] });
  });

  it('streams a call by name first and arguments as they come', () => {
    const given = ['Sure. ', '<call>', '{"name": "ad', 'd", "arguments": ', '{"a": ', '1', '}'];
    const once = { ...tools, parallel: false };
    expect(run(plan({ tools: once }), given)).toMatchObject({
      content: 'Sure. ',
      calls: [
        [0, 'add', ''],
        [0, '', '{'],
        [0, '', '"a": 1'],
        [0, '', '}'],
      ],
      finish: 'tool_calls',
    });
  });

  it('goes on to a second call where the syntax knows several', () => {
    const call = '{"name": "add", "arguments": {}';
    const result = run(plan({ tools }), ['<call>', call, '<call>', call, '<end>']);
    expect(result.calls).toEqual([
      [0, 'add', '{}'],
      [1, 'add', '{}'],
    ]);
    expect(result.finish).toBe('tool_calls');
  });

  it('takes back a token that reached over the trigger of a call', () => {
    const result = run(plan({ tools }), ['<call>{"na']);
    expect(result.replaced).toEqual(['<call>']);
  });

  it('ends at a stop text and shows nothing of it', () => {
    const sampling = readSampling({ model: 'test', messages: [], stop: ['END'] });
    expect(run(plan({ sampling }), ['one E', 'N', 'D two'])).toMatchObject({ content: 'one ', finish: 'stop' });
  });

  it('shows what only looked like a stop text when the token limit comes', () => {
    const sampling = readSampling({ model: 'test', messages: [], stop: ['END'] });
    expect(run(plan({ sampling, maxTokens: 2 }), ['one E', 'N'])).toMatchObject({
      content: 'one EN',
      finish: 'length',
    });
  });

  it('counts what was put in its mouth against the room in the context', () => {
    const tokenize = () => [tokenOf('</think>'), tokenOf('<call>'), tokenOf('x')];
    const open = { ...thoughts, prefix: undefined, openAtStart: true };
    const crowded = plan({ thoughts: open, tools: { ...tools, demanded: true }, tokenize, roomTokens: 4 });
    expect(run(crowded, ['hmm', '<end>', '{"na', 'me'])).toMatchObject({ finish: 'length' });
  });

  it('says what is wrong with an answer that fails its check', () => {
    const format = { grammar, emptyDocument: '{}', check: () => 'a is too long' };
    expect(() => run(plan({ format }), ['{"a":1}'])).toThrowError(expect.objectContaining({ code: 'engine-failed' }));
  });
});
