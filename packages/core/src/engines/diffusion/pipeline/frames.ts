/** Frames as they are handed on: 8-bit RGB, interleaved, one frame under the other. */
export interface Frames {
  readonly data: Uint8Array;
  /** Of one frame, pixels. */
  readonly width: number;
  readonly height: number;
  readonly count: number;
}

/**
 * What a decoder gives, [frames, 3, height, width] from -1 to 1, as bytes.
 *
 * @throws Error where a number is not finite, or where every pixel of a frame has one and the same colour: a model that
 * fell apart draws black, grey or white squares, and they must not be called pictures.
 */
export function toFrames(decoded: Float32Array, count: number, width: number, height: number): Frames {
  const pixels = width * height;
  if (decoded.length !== count * 3 * pixels) throw new Error('the decoder gave a picture of another size');
  const data = new Uint8Array(decoded.length);
  for (let frame = 0; frame < count; frame++) {
    for (let channel = 0; channel < 3; channel++) {
      const from = (frame * 3 + channel) * pixels;
      for (let pixel = 0; pixel < pixels; pixel++) {
        const value = decoded[from + pixel] ?? Number.NaN;
        if (!Number.isFinite(value)) throw new Error('the decoder gave numbers that are not finite');
        data[(frame * pixels + pixel) * 3 + channel] = Math.round((Math.min(1, Math.max(-1, value)) + 1) * 127.5);
      }
    }
    if (isBlank(data.subarray(frame * pixels * 3, (frame + 1) * pixels * 3))) throw new Error('the picture is blank');
  }
  return { data, width, height, count };
}

function isBlank(rgb: Uint8Array): boolean {
  return rgb.every((value, index) => value === rgb[index % 3]);
}
