import { describe, expect, it } from 'vitest';
import { float16ToFloat32, float32ToFloat16 } from './float16.ts';

describe('half precision', () => {
  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 0x0001],
    [2 ** -14, 0x0400],
    [0.333251953125, 0x3555],
    [Number.NEGATIVE_INFINITY, 0xfc00],
  ])('writes %d as its IEEE 754 bits', (value, bits) => {
    expect(float32ToFloat16(Float32Array.of(value))[0]).toBe(bits);
  });

  it('reads back every number it can hold', () => {
    const bits = Uint16Array.from({ length: 0x10000 }, (_, index) => index);
    const back = float32ToFloat16(float16ToFloat32(bits));
    const changed = bits.filter((half, index) => !isNaNBits(half) && half !== back[index]);
    expect([...changed]).toEqual([]);
  });

  it('keeps what is not a number', () => {
    expect(float16ToFloat32(float32ToFloat16(Float32Array.of(Number.NaN)))[0]).toBeNaN();
  });

  it('rounds to the nearest and halves to even', () => {
    expect([...float16ToFloat32(float32ToFloat16(Float32Array.of(1 + 1 / 2048, 1 + 3 / 2048)))]).toEqual([
      1,
      1 + 2 / 1024,
    ]);
  });
});

function isNaNBits(half: number): boolean {
  return (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;
}
