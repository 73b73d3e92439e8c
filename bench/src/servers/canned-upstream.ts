import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cannedAnswers, cannedModel } from '../load/canned-chat.ts';

/*
 * A process of its own: an upstream that answers every chat with the same bytes in one write, as cheaply as node:http can.
 * What a gateway in front of it costs is then the difference. Argument: tokens per answer. Prints `{"url"}` when it listens.
 */
const answers = cannedAnswers(Number(process.argv[2] ?? 32));
const models = Buffer.from(
  JSON.stringify({ object: 'list', data: [{ id: cannedModel, object: 'model', created: 0 }] }),
);

function send(response: ServerResponse, contentType: string, body: Buffer): void {
  response.writeHead(200, { 'content-type': contentType, 'content-length': body.length }).end(body);
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET')
    return void (request.url?.endsWith('/models')
      ? send(response, 'application/json', models)
      : response.writeHead(404).end());
  let streamed = false;
  request.on('data', (part: Buffer) => {
    streamed ||= part.includes('"stream":true');
  });
  request.on('end', () => {
    if (streamed) send(response, 'text/event-stream', answers.stream);
    else send(response, 'application/json', answers.plain);
  });
}

const server = createServer({ keepAliveTimeout: 60_000 }, answer);
server.listen(0, '127.0.0.1', 1024, () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});
process.once('SIGTERM', () => process.exit(0));
