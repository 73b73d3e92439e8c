import { PNG } from 'pngjs';
import { decode } from 'sixel';
import { describe, expect, test } from 'vitest';
import { collector } from '../__fixtures__/run-in-process.ts';
import type { Context } from '../context.ts';
import { graphicsProtocol } from './graphics-protocol.ts';
import { type InlineOptions, showImage } from './show-image.ts';

/** Redder to the right, bluer downwards. */
function gradient(width: number, height: number): Buffer {
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      png.data.set([(255 * x) / width, 128, (255 * y) / height, 255], (y * width + x) * 4);
  return PNG.sync.write(png);
}

/** Red and blue. */
function halves(width: number, height: number): Buffer {
  const png = new PNG({ width, height });
  for (let at = 0; at < width * height; at++)
    png.data.set(at % width < width / 2 ? [255, 0, 0, 255] : [0, 0, 255, 255], at * 4);
  return PNG.sync.write(png);
}

/** Of 255, a byte. */
function meanDifference(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((sum, byte, at) => sum + Math.abs(byte - (other[at] ?? 0)), 0) / one.length;
}

/** Noise, which no compression makes small. */
function noise(width: number, height: number): Buffer {
  const png = new PNG({ width, height });
  for (let at = 0; at < png.data.length; at++) png.data[at] = (at * 7919 + (at >> 3) * 104_729) % 251;
  return PNG.sync.write(png);
}

/** What a terminal of 20 columns gets. */
async function shown(bytes: Uint8Array, options: InlineOptions, env: Record<string, string> = {}, isTTY = true) {
  const { stream, text } = collector();
  const stdout = Object.assign(stream, { isTTY, columns: 20 });
  await showImage(bytes, options, { stdout, env } as unknown as Context);
  return text();
}

/** Control characters by name, for patterns. */
const named = (text: string): string => text.replaceAll('\u001b', '<ESC>').replaceAll('\u0007', '<BEL>');

describe('a terminal is known by its environment', () => {
  test.each([
    [{ TERM: 'xterm-kitty', KITTY_WINDOW_ID: '1' }, 'kitty'],
    [{ TERM: 'xterm-ghostty' }, 'kitty'],
    [{ TERM: 'xterm-256color', KONSOLE_VERSION: '220400' }, 'kitty'],
    [{ TERM: 'xterm-256color', KONSOLE_VERSION: '210400' }, undefined],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }, 'iterm'],
    [{ TERM: 'xterm-256color', LC_TERMINAL: 'iTerm2' }, 'iterm'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm' }, 'iterm'],
    [{ TERM: 'foot' }, 'sixel'],
    [{ TERM: 'mlterm' }, 'sixel'],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, undefined],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }, undefined],
    [{ TERM: 'tmux-256color', KITTY_WINDOW_ID: '1' }, undefined],
    [{ TERM: 'xterm-kitty', TMUX: '/tmp/tmux,1,0' }, undefined],
    [{ TERM: 'screen', TERM_PROGRAM: 'iTerm.app' }, undefined],
    [{ TERM: 'dumb', KITTY_WINDOW_ID: '1' }, undefined],
    [{}, undefined],
  ])('%j: %s', (env, protocol) => {
    expect(graphicsProtocol(env)).toBe(protocol);
  });
});

describe('in the protocol of', () => {
  test('kitty, a picture comes in pieces of 4096 letters, all but the last with more to come', async () => {
    const png = noise(100, 100);
    const pieces = [...named(await shown(png, { inline: 'kitty' })).matchAll(/<ESC>_G([^;]*);([^<]*)<ESC>\\/g)];
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.map(([, keys]) => keys)).toEqual([
      'a=T,f=100,q=2,m=1',
      ...Array.from({ length: pieces.length - 2 }, () => 'm=1'),
      'm=0',
    ]);
    expect(Math.max(...pieces.map(([, , data = '']) => data.length))).toBe(4096);
    expect(Buffer.from(pieces.map(([, , data]) => data).join(''), 'base64').equals(png)).toBe(true);
  });

  test('kitty, one piece says that it is all, and a wide picture is scaled', async () => {
    const small = named(await shown(gradient(8, 8), { inline: 'kitty' }));
    expect(small).toMatch(/^<ESC>_Ga=T,f=100,q=2,m=0;[^<]+<ESC>\\\n$/);
    expect(await shown(gradient(200, 8), { inline: 'kitty' })).toContain('a=T,f=100,q=2,c=19,m=0');
  });

  test('iTerm2, the file is there whole, with its size', async () => {
    const png = gradient(200, 8);
    const [, settings, data = ''] =
      /^<ESC>\]1337;File=([^:]*):([^<]*)<BEL>\n$/.exec(named(await shown(png, { inline: 'iterm' }))) ?? [];
    expect(settings).toBe(`size=${png.length};width=100%;inline=1`);
    expect(Buffer.from(data, 'base64').equals(png)).toBe(true);
  });

  test.each([
    ['many colours', gradient(96, 96), 8],
    ['two colours', halves(96, 96), 0.5],
  ])('DEC, the pixels of a picture with %s are there', async (_, png, difference) => {
    const sixels = await shown(png, { inline: 'sixel' });
    expect(sixels.slice(0, '\u001bP0;1;q"1;1;96;96'.length)).toBe('\u001bP0;1;q"1;1;96;96');
    const { width, height, data32 } = decode(sixels.slice(sixels.indexOf('q') + 1, sixels.lastIndexOf('\u001b')));
    expect([width, height]).toEqual([96, 96]);
    const pixels = new Uint8Array(data32.buffer, data32.byteOffset, data32.byteLength);
    expect(meanDifference(pixels, PNG.sync.read(png).data)).toBeLessThan(difference);
  });

  test('DEC, a wide picture has fewer pixels', async () => {
    expect(await shown(gradient(480, 24), { inline: 'sixel' })).toContain('"1;1;160;8#');
  });
});

describe('nothing is shown', () => {
  const png = gradient(2, 2);
  const kitty = { KITTY_WINDOW_ID: '1' };

  test.each([
    ['when it was not wanted', png, { inline: 'never' }, kitty, true],
    ['beside JSON', png, { inline: 'kitty', json: true }, kitty, true],
    ['where no terminal is', png, {}, kitty, false],
    ['on a terminal that cannot', png, {}, {}, true],
    [
      'of what is no PNG',
      Buffer.from('RIFFxxxxWEBP and so on, longer than a header'),
      { inline: 'kitty' },
      kitty,
      true,
    ],
    ['of half a header', png.subarray(0, 20), { inline: 'kitty' }, kitty, true],
  ] as const)('%s', async (_, bytes, options, env, isTTY) => {
    expect(await shown(bytes, options, env, isTTY)).toBe('');
  });

  test('but in a terminal that can, without being asked', async () => {
    expect(await shown(png, {}, kitty)).toContain('_Ga=T');
  });
});
