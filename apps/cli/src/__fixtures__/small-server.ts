import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (response: ServerResponse, request: SeenRequest) => void;

interface SeenRequest {
  readonly method: string;
  /** Without `/api/v1`. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
  readonly message: IncomingMessage;
}

/** A real server with answers of the test's choosing by `METHOD /path`; anything else is 404. Disposable. */
export async function startSmallServer(answers: Readonly<Record<string, Answer>>) {
  const requests: SeenRequest[] = [];
  const server = createServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { method = '', url = '', headers } = message;
    const path = url.replace('/api/v1', '');
    const body: unknown = text ? JSON.parse(text) : undefined;
    const request = { method, path, authorization: headers.authorization, body, message };
    requests.push(request);
    const answer = answers[`${method} ${path.split('?')[0]}`] ?? failing(404, 'There is nothing here.');
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(body: unknown, status = 200): Answer {
  return (response) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

export function envelope(data: unknown): Answer {
  return json({ status: 200, message: 'Fine', data });
}

export function failing(status: number, message: string, code = 'some_code'): Answer {
  return json({ error: { message, type: 'some_error', param: null, code }, message, status }, status);
}

export function model(id: string, modality = 'chat', state = 'loaded') {
  const fixed = {
    object: 'model',
    created: 0,
    owned_by: 'anura',
    capabilities: ['json_schema'],
    limits: {},
    engines: ['llama'],
  };
  return { id, modality, state, providers: 1, context_length: 2048, ...fixed };
}

export function models(...list: readonly ReturnType<typeof model>[]): Answer {
  return json({ object: 'list', data: list });
}

/** A whole streamed answer of these words. */
export function streaming(...words: readonly string[]): Answer {
  return (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    for (const word of words) response.write(chunk({ content: word }));
    response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
  };
}

/** One word of an answer, and then the connection ends in good order. */
export function cutOff(word: string): Answer {
  return (response) => response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end(chunk({ content: word }));
}

/** One word, and then the connection stays open. @param onHangUp called when the client has gone */
export function endless(word: string, onHangUp: () => void = () => {}): Answer {
  return (response) => {
    response.on('close', onHangUp);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(chunk({ content: word }));
  };
}

export function chunk(delta: Record<string, unknown>, finishReason: string | null = null): string {
  const body = {
    id: 'x',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  };
  return `data: ${JSON.stringify(body)}\n\n`;
}
