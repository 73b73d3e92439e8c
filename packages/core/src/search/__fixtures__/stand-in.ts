import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** How a stand-in answers; `json` is what it says when it behaves. */
export type Manner = (response: ServerResponse, json: unknown) => void;

export interface StandIn extends AsyncDisposable {
  readonly baseUrl: string;
  readonly seen: readonly SeenRequest[];
  /** Answers the next requests in these manners, one each; after them, and at first, well. */
  behave(...manners: Manner[]): void;
}

/** A search service on a real socket that behaves, until it is told not to. */
export async function startStandIn(answer: (request: SeenRequest) => unknown): Promise<StandIn> {
  const seen: SeenRequest[] = [];
  let manners: Manner[] = [];
  const server = createServer((request, response) => {
    const about = read(request);
    seen.push(about);
    const manner = manners.shift() ?? well;
    manner(response, answer(about));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    behave: (...next) => {
      manners = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function read(request: IncomingMessage): SeenRequest {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in');
  return { path: pathname, query: searchParams, headers: request.headers };
}

export const well: Manner = (response, json) => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(json));
};

export const withStatus =
  (status: number, headers: Record<string, string> = {}): Manner =>
  (response) => {
    response.writeHead(status, headers).end('no');
  };

export const withBody =
  (body: string): Manner =>
  (response) => {
    response.end(body);
  };

export const silent: Manner = () => undefined;

export const cutOff: Manner = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"results": [', () => response.destroy());
};

export const endless: Manner = (response) => {
  const more = () => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
  };
  response.on('drain', more);
  more();
};
