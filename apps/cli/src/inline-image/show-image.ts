import { type Context, printLine } from '../context.ts';
import { type GraphicsProtocol, graphicsProtocol } from './graphics-protocol.ts';
import { itermImage } from './iterm-image.ts';
import { kittyImage } from './kitty-image.ts';

export interface InlineOptions {
  /** `auto` goes by what the terminal says of itself. */
  readonly inline?: GraphicsProtocol | 'auto' | 'never';
  readonly json?: boolean;
}

/** Shows a PNG between the lines of the terminal, where it can; anything else, and any other terminal, gets nothing. */
export async function showImage(bytes: Uint8Array, options: InlineOptions, { stdout, env }: Context): Promise<void> {
  const { inline = 'auto', json } = options;
  const size = pngSize(bytes);
  if (json || inline === 'never' || !size || (inline === 'auto' && !stdout.isTTY)) return;
  const protocol = inline === 'auto' ? graphicsProtocol(env) : inline;
  const columns = stdout.columns || 80;
  // A picture that is too wide is cut off; a cell is eight pixels wide at least.
  const wide = size.width > columns * 8;
  if (protocol === 'kitty') printLine(stdout, kittyImage(bytes, wide ? { columns: columns - 1 } : {}));
  if (protocol === 'iterm') printLine(stdout, itermImage(bytes, wide ? { width: '100%' } : {}));
  if (protocol === 'sixel') printLine(stdout, (await import('./sixel-image.ts')).sixelImage(bytes, columns * 8));
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** From the header, which is the first thing in every PNG. */
function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (png.length < 24 || !png.subarray(0, 8).equals(signature)) return undefined;
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}
