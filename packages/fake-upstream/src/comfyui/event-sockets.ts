import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** One message of ComfyUI's WebSocket. */
export interface ComfyEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The open WebSockets by client id; a second one of the same client takes the place of the first. */
export class EventSockets {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sockets = new Map<string, WebSocket>();

  /** Answers the upgrade of a request for `/ws?clientId=…`, and greets. */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    greet: (clientId: string) => readonly ComfyEvent[],
  ): void {
    const clientId = new URL(request.url ?? '/', 'http://fake').searchParams.get('clientId') || crypto.randomUUID();
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => undefined);
      webSocket.on('close', () => {
        if (this.#sockets.get(clientId) === webSocket) this.#sockets.delete(clientId);
      });
      this.#sockets.set(clientId, webSocket);
      for (const event of greet(clientId)) webSocket.send(JSON.stringify(event));
    });
  }

  get clientIds(): readonly string[] {
    return [...this.#sockets.keys()];
  }

  /** To one client, or to all where none is named. Nobody there is no error. */
  send(event: ComfyEvent, clientId?: string): void {
    const sockets = clientId === undefined ? [...this.#sockets.values()] : [this.#sockets.get(clientId)];
    for (const socket of sockets) socket?.send(JSON.stringify(event));
  }

  /** Cuts the connections without a word, all or one client's. */
  drop(clientId?: string): void {
    for (const [id, socket] of this.#sockets) if (clientId === undefined || id === clientId) socket.terminate();
  }
}
