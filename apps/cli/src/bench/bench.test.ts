import { AnuraError, type ChatCompletionChunk } from '@anura/client';
import { describe, expect, test } from 'vitest';
import { reportLines, reportOf } from './load-report.ts';
import { type Measurement, measureStream } from './measure-stream.ts';
import { runLoad } from './run-load.ts';
import { spreadOf } from './spread.ts';

const never = new AbortController().signal;

test('percentiles are values that were measured', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(spreadOf(hundred)).toEqual({ mean: 50.5, p50: 50, p95: 95, p99: 99, max: 100 });
  expect(spreadOf([7])).toEqual({ mean: 7, p50: 7, p95: 7, p99: 7, max: 7 });
  expect(spreadOf([])).toBeUndefined();
});

describe('a stream', () => {
  type Piece = { at: number; delta?: object; usage?: object; error?: Error };

  /** Measures pieces that come at these times of a clock of its own. */
  async function measure(pieces: readonly Piece[], signal = never): Promise<Measurement> {
    let clock = 1000;
    async function* stream() {
      for (const { at, delta = {}, usage, error } of pieces) {
        clock = 1000 + at;
        if (error) throw error;
        yield { choices: [{ index: 0, delta, finish_reason: null }], usage } as unknown as ChatCompletionChunk;
      }
    }
    return await measureStream(stream, signal, () => clock);
  }

  test('begins with its first token, not with its first chunk', async () => {
    const zeros = { prompt_tokens: 0, completion_tokens: 0 };
    const measured = await measure([
      { at: 5, delta: { role: 'assistant', content: null }, usage: zeros },
      { at: 50, delta: { content: 'a' } },
      { at: 150, delta: { content: 'bc' } },
      { at: 180, usage: { prompt_tokens: 7, completion_tokens: 3 } },
    ]);
    expect(measured).toEqual({
      outcome: 'answered',
      firstTokenMs: 50,
      generationMs: 100,
      latencyMs: 180,
      promptTokens: 7,
      completionTokens: 3,
    });
  });

  test('counts thoughts and tool calls as tokens, and pieces where the server counts nothing', async () => {
    const pieces = [
      { at: 1, delta: { reasoning_content: 'hm' } },
      { at: 2, delta: { tool_calls: [{ index: 0 }] } },
    ];
    expect(await measure(pieces)).toMatchObject({ firstTokenMs: 1, completionTokens: 2 });
  });

  test('that is empty has no first token', async () => {
    expect(await measure([{ at: 9 }])).toMatchObject({ firstTokenMs: undefined, completionTokens: 0, generationMs: 0 });
  });

  test('that fails is measured as a failure; a mistake of ours is thrown', async () => {
    const error = new AnuraError('Slow down.', { code: 'rate_limit_exceeded', status: 429, retryAfterMs: 500 });
    const failed = { outcome: 'failed', code: 'rate_limit_exceeded', status: 429, retryAfterMs: 500 };
    expect(await measure([{ at: 1, error }])).toMatchObject(failed);
    await expect(measure([{ at: 1, error: new TypeError('ours') }])).rejects.toThrow('ours');
    await expect(measure([{ at: 1, error }], AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });
});

const answer = (latencyMs: number, completionTokens = 11): Measurement => ({
  outcome: 'answered',
  latencyMs,
  firstTokenMs: latencyMs / 2,
  generationMs: latencyMs / 2,
  promptTokens: 5,
  completionTokens,
});
const failure = (status: number, code: string): Measurement => ({
  outcome: 'failed',
  status,
  code,
  message: `${code}!`,
  retryAfterMs: undefined,
});

describe('a load', () => {
  const world = (signal = never) => ({ signal, now: () => performance.now(), onProgress: () => {} });
  const endless = Number.POSITIVE_INFINITY;

  test('keeps as many requests open as it should, and makes each once', async () => {
    const asked: number[] = [];
    let open = 0;
    let most = 0;
    const ask = async (number: number) => {
      asked.push(number);
      most = Math.max(most, ++open);
      await new Promise(setImmediate);
      open -= 1;
      return answer(1);
    };
    const load = { concurrency: 3, requests: 10, durationMs: endless };
    const { measurements, interrupted } = await runLoad(load, ask, world());
    expect([measurements.length, interrupted, most]).toEqual([10, false, 3]);
    expect(asked).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('begins nothing after its time, and lets what runs end', async () => {
    let clock = 0;
    const ask = async () => {
      clock += 400;
      return answer(400);
    };
    const load = { concurrency: 1, requests: endless, durationMs: 1000 };
    const outcome = await runLoad(load, ask, { ...world(), now: () => clock });
    expect([outcome.measurements.length, outcome.elapsedMs]).toEqual([3, 1200]);
  });

  test('that is stopped counts what was done by then', async () => {
    const stop = new AbortController();
    const ask = async (number: number) => {
      if (number <= 2) return answer(1);
      stop.abort();
      throw stop.signal.reason;
    };
    const load = { concurrency: 1, requests: 10, durationMs: endless };
    const outcome = await runLoad(load, ask, world(stop.signal));
    expect([outcome.measurements.length, outcome.interrupted]).toEqual([2, true]);
  });

  test('ends with a mistake of ours', async () => {
    const ask = () => Promise.reject(new TypeError('ours'));
    await expect(runLoad({ concurrency: 2, requests: 4, durationMs: endless }, ask, world())).rejects.toThrow('ours');
  });
});

describe('a report', () => {
  const measurements = [
    answer(100),
    answer(300),
    failure(429, 'rate_limit_exceeded'),
    failure(500, 'x'),
    failure(500, 'x'),
  ];

  test('has rates over the whole time, and errors by their code, most frequent first', () => {
    const report = reportOf({ measurements, elapsedMs: 2000, interrupted: false });
    expect(report.requests).toEqual({ total: 5, answered: 2, failed: 3, too_many: 1, answered_per_second: 1 });
    expect(report.tokens).toEqual({
      prompt: 10,
      completion: 22,
      completion_per_second: 11,
      completion_per_second_per_stream: 100,
    });
    expect(report.between_tokens_ms).toMatchObject({ p50: 5, max: 15 });
    expect(report.errors).toEqual([
      { status: 500, code: 'x', count: 2, message: 'x!' },
      { status: 429, code: 'rate_limit_exceeded', count: 1, message: 'rate_limit_exceeded!' },
    ]);
  });

  test('for people has a table and the errors', () => {
    const lines = reportLines(reportOf({ measurements, elapsedMs: 2000, interrupted: false }));
    expect(lines.slice(0, 2)).toEqual([
      '2 of 5 answered in 2 s, 1 a second',
      '22 tokens, 11 a second in all, 100 in each stream',
    ]);
    expect(lines.join('\n')).toContain('  2 × 500 x: x!');
  });

  test('of nothing says so without a number that is none', () => {
    const report = reportOf({ measurements: [], elapsedMs: 0, interrupted: true });
    expect(JSON.stringify(report)).not.toContain('NaN');
    expect(reportLines(report)[0]).toBe('0 of 0 answered in 0 s, 0 a second');
  });
});
