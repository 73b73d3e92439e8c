import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface BrokenLine extends AsyncDisposable {
  readonly url: string;
  /** Where new connections lead from now on. */
  leadTo: (serverUrl: string) => void;
  /** Cuts the line as soon as the server has said something that holds this text, which still arrives; once. */
  cutAfter: (text: string) => void;
  /** Swallows the next answer and cuts the line when the server has begun it: the request arrived, the answer did not. */
  loseNextAnswer: () => void;
  /** Cuts every line there is. */
  cutAll: () => void;
}

type Fault = { readonly kind: 'cut'; readonly text: string } | { readonly kind: 'lose' };

/** A TCP line between a client and a real server that breaks where it is told to. */
export async function brokenLine(serverUrl: string): Promise<BrokenLine> {
  let port = Number(new URL(serverUrl).port);
  let fault: Fault | undefined;
  const sockets = new Set<Socket>();
  const line = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(socket);
      socket.on('error', () => {}); // what is cut says so to the other side, by ending
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      const active = fault;
      if (active?.kind !== 'lose') near.write(bytes);
      if (!active || (active.kind === 'cut' && !bytes.includes(active.text))) return;
      fault = undefined;
      setImmediate(() => near.destroy());
    });
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    leadTo: (url) => {
      port = Number(new URL(url).port);
    },
    cutAfter: (text) => {
      fault = { kind: 'cut', text };
    },
    loseNextAnswer: () => {
      fault = { kind: 'lose' };
    },
    cutAll,
    [Symbol.asyncDispose]: async () => {
      cutAll();
      line.close();
    },
  };
}
