/** The protocol takes this much of base64 at a time. */
const pieceLength = 4096;

/**
 * A PNG in kitty's graphics protocol: transmit and show (`a=T`), PNG (`f=100`), no answers (`q=2`), which would look typed.
 * @param options.columns scales it to this width
 * @see https://sw.kovidgoyal.net/kitty/graphics-protocol/
 */
export function kittyImage(png: Uint8Array, { columns }: { columns?: number } = {}): string {
  const pieces =
    Buffer.from(png)
      .toString('base64')
      .match(new RegExp(`.{1,${pieceLength}}`, 'g')) ?? [];
  const first = `a=T,f=100,q=2,${columns === undefined ? '' : `c=${columns},`}`;
  return pieces
    .map((piece, index) => `\x1b_G${index === 0 ? first : ''}m=${index < pieces.length - 1 ? 1 : 0};${piece}\x1b\\`)
    .join('');
}
