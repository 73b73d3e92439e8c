/** A body had more bytes than it may. */
export class TooLarge extends Error {}

/** Reads a body whole; one that is too large is cut off and refused with `TooLarge`. */
export async function readLimited(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    // Leaving the loop destroys the body, and with it the connection.
    if (size > mostBytes) throw new TooLarge(`more than ${mostBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
