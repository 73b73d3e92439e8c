import type { Duplex } from 'node:stream';
import type { Faults } from './fault.ts';

/** Faults that keep a WebSocket from opening. True when one of them did; a hanging socket waits for its client to leave. */
export function refuseUpgrade(socket: Duplex, { hang, status, redirect, resetAfter }: Faults): boolean {
  if (hang) socket.resume();
  else if (redirect !== undefined) socket.end(`HTTP/1.1 307 Temporary Redirect\r\nlocation: ${redirect}\r\n\r\n`);
  else if (status !== undefined) socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\n\r\n`);
  else if (resetAfter !== undefined) socket.destroy();
  else return false;
  return true;
}
