import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Knows which connections of a server have a request on them. Node's own `closeIdleConnections` leaves those open that never
 * had one (browsers and undici open some ahead), and a stopping server would wait for them until its grace is over.
 */
export class Connections {
  /** Requests running on each connection. */
  readonly #running = new Map<Socket, number>();
  #closing = false;

  /** To be made before the server listens. */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#running.set(socket, 0);
      socket.once('close', () => this.#running.delete(socket));
    });
    server.on('request', ({ socket }, response) => {
      this.#count(socket, 1);
      response.once('close', () => this.#count(socket, -1));
    });
  }

  /** Closes every connection without a request now, and the others when their last answer is sent. */
  closeWhenIdle(): void {
    this.#closing = true;
    for (const socket of this.#running.keys()) this.#closeIfIdle(socket);
  }

  #count(socket: Socket, change: 1 | -1): void {
    const running = this.#running.get(socket);
    if (running === undefined) return; // closed already
    this.#running.set(socket, running + change);
    if (this.#closing) this.#closeIfIdle(socket);
  }

  #closeIfIdle(socket: Socket): void {
    if (this.#running.get(socket) === 0) socket.destroySoon();
  }
}
