export const cannedModel = 'canned';

/** One token of a canned answer; its count in what arrives says whether the answer is whole. */
export const cannedToken = ' lily';

/** What the canned upstream says, as bytes: plain, and as server-sent events. */
export function cannedAnswers(tokens: number): { plain: Buffer; stream: Buffer } {
  const head = { id: 'chatcmpl-canned', created: 1_742_509_938, model: cannedModel };
  const usage = { prompt_tokens: 10, completion_tokens: tokens, total_tokens: tokens + 10 };
  const event = (choices: unknown[], extra = {}) =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...extra })}\n\n`;
  const token = event([{ index: 0, delta: { content: cannedToken }, finish_reason: null }]);
  const finish = event([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  const message = { role: 'assistant', content: cannedToken.repeat(tokens) };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  return {
    plain: Buffer.from(JSON.stringify({ ...head, object: 'chat.completion', choices, usage })),
    stream: Buffer.from(`${token.repeat(tokens)}${finish}${event([], { usage })}data: [DONE]\n\n`),
  };
}

/** A short question, as an application would ask it. */
export function chatBody(model: string, stream: boolean): string {
  const messages = [
    { role: 'system', content: 'You are a helpful assistant. Answer in one sentence.' },
    { role: 'user', content: 'What grows on the pond behind the house in early summer?' },
  ];
  return JSON.stringify({ model, messages, max_tokens: 256, temperature: 0.7, stream });
}
