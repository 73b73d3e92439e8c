import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../errors/gateway-error.ts';
import { AnswerReader } from './answer-reader.ts';

const errors = {
  unreadable: (what: string) => new GatewayError('engine-failed', what, { retry: 'elsewhere' }),
  failure: (status: number, text: string) =>
    new GatewayError('engine-failed', `${status} ${text}`, { retry: 'elsewhere' }),
};

const reader = (wanted = 1) => new AnswerReader(wanted, errors);

/** Reads recorded chunks and `[DONE]`; gives the pieces and the last chunk. */
function readAll(events: readonly object[], wanted = 1) {
  const answer = reader(wanted);
  const pieces = [...events.map((event) => JSON.stringify(event)), '[DONE]'].flatMap(
    (event) => answer.read(event) ?? [],
  );
  return { pieces, last: answer.finish(true) };
}

const delta = (piece: object, finish: string | null = null, index = 0) => ({
  choices: [{ index, delta: piece, finish_reason: finish }],
});

describe('AnswerReader', () => {
  it.each([
    [
      'vLLM: usage in a chunk without choices',
      { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } },
    ],
    ['Groq: usage in x_groq', { choices: [], x_groq: { usage: { prompt_tokens: 5, completion_tokens: 2 } } }],
    ['llama-server: timings', { choices: [], timings: { prompt_n: 3, cache_n: 2, predicted_n: 2 } }],
  ])('reads the counts of %s', (_, event) => {
    const { last } = readAll([delta({ content: 'hi' }), delta({}, 'stop'), event]);
    expect(last.usage).toMatchObject({ prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 });
  });

  it('keeps the last of several usages, as upstreams that count along send them', () => {
    const usage = (completion: number) => ({ usage: { prompt_tokens: 5, completion_tokens: completion } });
    const { last } = readAll([
      { ...delta({ content: 'a' }), ...usage(0) },
      { ...delta({ content: 'b' }, 'stop'), ...usage(2) },
    ]);
    expect(last.usage?.completion_tokens).toBe(2);
  });

  it('passes on the text that comes in the same event as the finish reason, without the reason', () => {
    const { pieces, last } = readAll([delta({ content: 'all at once' }, 'stop')]);
    expect(pieces[0]?.choices).toEqual([{ index: 0, delta: { content: 'all at once' }, finish_reason: null }]);
    expect(last.choices[0]?.finish_reason).toBe('stop');
  });

  it('drops events that add nothing and fields the contract does not know', () => {
    const { pieces } = readAll([
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'x', annotations: [] }),
      delta({}, 'stop'),
    ]);
    expect(pieces.map(({ choices }) => choices[0]?.delta)).toEqual([{ content: 'x' }]);
  });

  it.each([
    ['eos', 'stop'],
    ['max_tokens', 'length'],
    ['function_call', 'tool_calls'],
    ['content_filter', 'content_filter'],
  ])('reads the finish reason %s as %s', (said, meant) => {
    expect(readAll([delta({ content: 'x' }, said)]).last.choices[0]?.finish_reason).toBe(meant);
  });

  it('says tool_calls when there were calls, though the upstream said stop', () => {
    const call = { tool_calls: [{ id: 'a', function: { name: 'f', arguments: {} } }] };
    const { pieces, last } = readAll([delta(call, 'stop')]);
    expect(pieces[0]?.choices[0]?.delta.tool_calls?.[0]?.function?.arguments).toBe('{}');
    expect(last.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('reads a whole completion as one piece', () => {
    const answer = reader();
    const message = { role: 'assistant', content: 'plain' };
    const piece = answer.readWhole({
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    });
    expect(piece?.choices[0]?.delta.content).toBe('plain');
    expect(answer.finish(true)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: { total_tokens: 2 } });
  });

  it.each([
    ['{"error":{"message":"out of memory"}}', '500'],
    ['{"error":"out of memory"}', '500'],
    ['{"object":"error","message":"too long","code":400}', '400'],
    ['{"error":{"message":"too long","code":400}}', '400'],
    ['{"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}', 'gave up'],
    ['not json', 'JSON cannot be read'],
    ['null', 'no chat chunk'],
    ['7', 'no chat chunk'],
  ])('fails at %s', (event, message) => {
    expect(() => reader().read(event)).toThrow(message);
  });

  it('is not complete with one of two answers', () => {
    const answer = reader(2);
    answer.read(JSON.stringify(delta({ content: 'x' }, 'stop')));
    answer.read('[DONE]');
    expect(() => answer.finish(true)).toThrow('1 of 2 answers');
  });

  it('is not complete while one choice has no finish reason', () => {
    expect(() => readAll([delta({ content: 'x' }, 'stop', 0), delta({ content: 'y' }, null, 1)])).toThrow(
      'before the answer was complete',
    );
  });
});
