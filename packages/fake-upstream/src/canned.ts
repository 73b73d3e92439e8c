import type { IncomingMessage, ServerResponse } from 'node:http';

/** Prepared answers for benchmarks: the upstream's own cost shall not be in the figure. */
export interface Canned {
  readonly plain: Buffer;
  readonly stream: Buffer;
}

export function prepareCanned(tokens: number): Canned {
  const head = { id: 'chatcmpl-canned', created: 1_742_509_938, model: 'canned' };
  const usage = { prompt_tokens: 10, completion_tokens: tokens, total_tokens: tokens + 10 };
  const chunk = (choices: unknown[], extra = {}) =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...extra })}\n\n`;
  const delta = (content: string) => chunk([{ index: 0, delta: { content }, finish_reason: null }]);
  const finish = chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  const message = { role: 'assistant', content: ' lily'.repeat(tokens) };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  return {
    plain: Buffer.from(JSON.stringify({ ...head, object: 'chat.completion', choices, usage })),
    stream: Buffer.from(`${delta(' lily').repeat(tokens)}${finish}${chunk([], { usage })}data: [DONE]\n\n`),
  };
}

/** Reads the request to its end and sends the whole answer in one write. */
export function sendCanned(request: IncomingMessage, response: ServerResponse, canned: Canned): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const streamed = /"stream"\s*:\s*true/.test(Buffer.concat(parts).toString('latin1'));
    const body = streamed ? canned.stream : canned.plain;
    const contentType = streamed ? 'text/event-stream' : 'application/json';
    response.writeHead(200, { 'content-type': contentType, 'content-length': body.length }).end(body);
  });
}
