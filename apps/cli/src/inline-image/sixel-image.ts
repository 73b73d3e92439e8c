import { PNG } from 'pngjs';
import { FINALIZER, image2sixel, introducer, sixelEncode, toRGBA8888 } from 'sixel';

const mostColours = 256;

/** What transparent pixels do to the terminal. */
const keepWhatIsBelow = 1;

/** A PNG in DEC's sixels, which are pixels: one that is wider than `mostPixels` is made smaller by leaving pixels out. */
export function sixelImage(png: Uint8Array, mostPixels: number): string {
  const { width, height, data } = PNG.sync.read(Buffer.from(png));
  const step = Math.ceil(width / mostPixels);
  return encode(everyNth({ width, height, data }, step));
}

/** The library's own choice of colours is for photographs: it makes purple of a picture that is half red and half blue. */
function encode({ width, height, data }: Pixels): string {
  const colours = coloursIn(data);
  if (colours.length > mostColours) return image2sixel(data, width, height, mostColours, keepWhatIsBelow);
  return introducer(keepWhatIsBelow) + sixelEncode(data, width, height, colours) + FINALIZER;
}

function coloursIn(data: Uint8Array): number[] {
  const colours = new Set<number>();
  for (let at = 0; at < data.length; at += 4)
    colours.add(toRGBA8888(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0, data[at + 3] ?? 0));
  return [...colours];
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity, a byte each. */
  readonly data: Uint8Array;
}

function everyNth({ width, height, data }: Pixels, step: number): Pixels {
  const small = { width: Math.ceil(width / step), height: Math.ceil(height / step) };
  const pixels = new Uint8Array(small.width * small.height * 4);
  for (let y = 0; y < small.height; y++)
    for (let x = 0; x < small.width; x++) {
      const from = (y * step * width + x * step) * 4;
      pixels.set(data.subarray(from, from + 4), (y * small.width + x) * 4);
    }
  return { ...small, data: pixels };
}
