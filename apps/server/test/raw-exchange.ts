import { connect } from 'node:net';

export interface RawExchange {
  /** Whatever came back, as one text. */
  readonly text: string;
  /** The statuses of the answers in it, in order. */
  readonly statuses: number[];
}

export interface RawOptions {
  /** Ends our side once everything is sent, like a caller who hangs up half-way. */
  readonly hangUp?: boolean;
  /** Stops listening once this matches; else when the server closes the connection. */
  readonly until?: RegExp;
}

/** Sends bytes as they are, for requests no HTTP client would make, and returns what comes back. */
export async function rawExchange(url: string, bytes: string | Buffer, options: RawOptions = {}): Promise<RawExchange> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => {}); // a reset by the server ends the exchange like a close
  const closed = new Promise((resolve) => socket.once('close', resolve));
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    if (options.until?.test(text)) socket.destroy();
  });
  socket.write(bytes);
  if (options.hangUp) socket.end();
  await closed;
  return { text, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((found) => Number(found[1])) };
}

/** The head of a JSON request with a key, without the empty line, so that more headers can follow. */
export const jsonHead = (path: string, key: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`;
