/**
 * A picture in iTerm2's protocol, which WezTerm and mintty speak too.
 * @param options.width as the protocol has it: cells, `…px` or a share of the window
 * @see https://iterm2.com/documentation-images.html
 */
export function itermImage(bytes: Uint8Array, { width }: { width?: string } = {}): string {
  const settings = [`size=${bytes.length}`, ...(width === undefined ? [] : [`width=${width}`]), 'inline=1'];
  return `\x1b]1337;File=${settings.join(';')}:${Buffer.from(bytes).toString('base64')}\x07`;
}
