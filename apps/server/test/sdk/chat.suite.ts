import { expect } from 'vitest';
import { proves } from '../proves.ts';
import { type SDKTarget, user } from './sdk-target.ts';

const tokens = (usage: { prompt_tokens: number; completion_tokens: number } | undefined): number =>
  (usage?.prompt_tokens ?? Number.NaN) + (usage?.completion_tokens ?? Number.NaN);

/** Plain answers. */
export function chatSuite(target: () => SDKTarget): void {
  const ask = (messages: ReturnType<typeof user>, more: object = {}) =>
    target().client.chat.completions.create({ model: target().chatModel, messages, ...more });
  const textOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).choices[0]?.message.content;

  proves(
    'chat-plain',
    'chat-content-string',
    'chat-usage',
    'chat-finish-stop',
  )('answers a question', async () => {
    const answer = await ask(user('Hello!'));
    expect(answer).toMatchObject({ object: 'chat.completion', model: target().chatModel, system_fingerprint: '' });
    expect(answer.id).toMatch(/^jobId-Qm[1-9A-HJ-NP-Za-km-z]{44}-jobState-ResultsSubmitted$/);
    expect(Math.abs(answer.created - Date.now() / 1000)).toBeLessThan(60);
    expect(answer.choices).toHaveLength(1);
    expect(answer.choices[0]).toMatchObject({ index: 0, finish_reason: 'stop', message: { role: 'assistant' } });
    expect(answer.choices[0]?.message.content?.length).toBeGreaterThan(0);
    expect(answer.choices[0]?.message).not.toHaveProperty('tool_calls');
    expect(answer.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(answer.usage?.completion_tokens).toBeGreaterThan(0);
    expect(answer.usage?.total_tokens).toBe(tokens(answer.usage));
  });

  proves('http-job-offer-id', 'http-request-id')('names the job and the request in headers', async () => {
    const { data, response, request_id } = await target()
      .client.chat.completions.create({ model: target().chatModel, messages: user('Hi'), max_tokens: 2 })
      .withResponse();
    expect(data.id).toContain(response.headers.get('job-offer-id'));
    expect(request_id).toBe(response.headers.get('x-request-id'));
    expect(request_id).toMatch(/^req_/);
  });

  proves('chat-max-tokens')('stops at max_tokens', async () => {
    const answer = await ask(user(target().story), { max_tokens: 3 });
    expect(answer.choices[0]?.finish_reason).toBe('length');
    expect(answer.usage?.completion_tokens).toBe(3);
  });

  proves('chat-max-completion-tokens')('takes max_completion_tokens over max_tokens', async () => {
    const answer = await ask(user(target().story), { max_tokens: 9, max_completion_tokens: 4 });
    expect(answer.usage?.completion_tokens).toBe(4);
  });

  proves('chat-max-tokens-clamped')('takes a limit far over the context', async () => {
    const answer = await ask(user('Hello!'), { max_tokens: 1_000_000 });
    expect(answer.choices[0]?.finish_reason).toBe('stop');
  });

  proves('chat-stop')('ends before a stop text', async () => {
    const one = await ask(user(target().counting), { stop: '5', temperature: 0 });
    expect(one.choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(one.choices[0]?.message.content).toContain('4');
    expect(one.choices[0]?.message.content).not.toContain('5');
    expect(await textOf(user(target().counting), { stop: ['6', '3'], temperature: 0 })).not.toContain('3');
  });

  proves('chat-seed')('gives the same answer for the same seed', async () => {
    const [one, same] = [
      await textOf(user(target().story), { seed: 7 }),
      await textOf(user(target().story), { seed: 7 }),
    ];
    expect(same).toBe(one);
    const others = await Promise.all([1, 2, 3].map((seed) => textOf(user(target().story), { seed })));
    expect(new Set([one, ...others]).size).toBeGreaterThan(1);
  });

  proves('chat-n')('gives n answers', async () => {
    const answer = await ask(user(target().story), { n: 3, max_tokens: 6 });
    expect(answer.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(answer.usage?.completion_tokens).toBe(18);
  });

  proves('chat-logprobs')('lists log probabilities', async () => {
    const answer = await ask(user(target().story), { logprobs: true, top_logprobs: 2, max_tokens: 4 });
    const listed = answer.choices[0]?.logprobs?.content ?? [];
    expect(listed).toHaveLength(4);
    for (const { token, logprob, top_logprobs } of listed) {
      expect(token).not.toBe('');
      expect(logprob).toBeLessThanOrEqual(0);
      expect(top_logprobs.length).toBeLessThanOrEqual(2);
    }
    expect(listed.map(({ token }) => token).join('')).toBe(answer.choices[0]?.message.content);
  });

  proves('chat-roles')('takes ai for assistant and human for user', async () => {
    const usual = [
      { role: 'system', content: 'You are kind.' },
      { role: 'user', content: 'My name is Ada.' },
      { role: 'assistant', content: 'Hello Ada.' },
      { role: 'user', content: 'What is my name?' },
    ];
    const synonyms = { user: 'human', assistant: 'ai', system: 'developer' } as const;
    const other = usual.map(({ role, content }) => ({ role: synonyms[role as keyof typeof synonyms], content }));
    const answers = await Promise.all([usual, other].map((messages) => ask(messages as never, { temperature: 0 })));
    expect(answers.map(({ choices }) => choices[0]?.finish_reason)).toEqual(['stop', 'stop']);
    expect(answers[1]?.usage?.prompt_tokens).toBe(answers[0]?.usage?.prompt_tokens);
  });

  proves('chat-multi-turn')('reads the whole conversation', async () => {
    const alone = await ask(user('What is my name?'), { max_tokens: 2 });
    const told = [
      ...user('My name is Ada.'),
      { role: 'assistant', content: 'Hello Ada.' },
      ...user('What is my name?'),
    ];
    const after = await ask(told as never, { max_tokens: 2 });
    expect(after.usage?.prompt_tokens).toBeGreaterThan(alone.usage?.prompt_tokens ?? Number.POSITIVE_INFINITY);
  });

  proves('chat-content-parts')('takes text in parts', async () => {
    const parts = [
      { type: 'text', text: 'Hello' },
      { type: 'text', text: '!' },
    ];
    const answer = await ask([{ role: 'user', content: parts }] as never);
    expect(answer.choices[0]?.message.content).not.toBe('');
  });

  proves('chat-ollama-options')('fills from Ollama’s options what the top level leaves out', async () => {
    const filled = await ask(user(target().story), { options: { num_predict: 3, seed: 1 } });
    expect(filled.usage?.completion_tokens).toBe(3);
    const topLevelWins = await ask(user(target().story), { max_tokens: 5, options: { num_predict: 3 } });
    expect(topLevelWins.usage?.completion_tokens).toBe(5);
  });

  proves('chat-unknown-fields', 'chat-null-fields')('ignores unknown fields and takes null for absent', async () => {
    const more = {
      store: true,
      width: 512,
      user: 'u',
      metadata: { a: 'b' },
      temperature: null,
      stop: null,
      tools: null,
    };
    const answer = await ask(user('Hello!'), { ...more, max_tokens: 3, response_format: null, stream: null });
    expect(answer.usage?.completion_tokens).toBe(3);
  });
}
