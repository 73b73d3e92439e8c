import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrawingCall, ImageEngine, ImageRequest } from './image-engine.ts';

/** An engine to be tried, with one model that draws in about a second. */
export interface ImageEngineUnderTest {
  readonly engine: ImageEngine;
  readonly offer: DrawingCall['offer'];
  /** The size of a picture when none is asked for, pixels. */
  readonly width: number;
  readonly height: number;
  close(): Promise<void>;
}

/** What every image engine promises. */
export function describeImageEngine(name: string, open: () => Promise<ImageEngineUnderTest>): void {
  describe(`${name}, as an image engine`, { timeout: 30_000 }, () => {
    let tried: ImageEngineUnderTest;
    const draw = (request: Partial<ImageRequest> = {}, call: Partial<DrawingCall> = {}) =>
      tried.engine.image(
        { model: tried.offer.model, prompt: 'a frog on a lilypad', ...request },
        { offer: tried.offer, signal: new AbortController().signal, jobOfferId: 'Qm', ...call },
      );

    const admit = (request: Partial<ImageRequest>) =>
      tried.engine.admit(
        { model: tried.offer.model, prompt: 'a frog', ...request },
        { offer: tried.offer, signal: new AbortController().signal, jobOfferId: 'Qm' },
      );

    beforeAll(async () => {
      tried = await open();
    });
    afterAll(() => tried.close());

    it('gives a whole PNG of the model’s own size', async () => {
      const picture = await draw({ seed: 1 });
      const { format, width, height } = await sharp(picture.bytes).metadata();
      expect({ format, width, height }).toEqual({ format: 'png', width: tried.width, height: tried.height });
      expect(picture).toMatchObject({ contentType: 'image/png', seed: 1, width: tried.width, height: tried.height });
      await expect(sharp(picture.bytes).raw().toBuffer()).resolves.toBeInstanceOf(Buffer);
    });

    it('gives the same bytes for the same seed and others for another', async () => {
      const [first, again, other] = [await draw({ seed: 5 }), await draw({ seed: 5 }), await draw({ seed: 6 })];
      expect(Buffer.compare(first.bytes, again.bytes)).toBe(0);
      expect(Buffer.compare(first.bytes, other.bytes)).not.toBe(0);
    });

    it('draws lots for a seed that is left out and says which it was', async () => {
      const picture = await draw();
      const again = await draw({ seed: picture.seed });
      expect(Buffer.compare(picture.bytes, again.bytes)).toBe(0);
    });

    it('tells progress that rises to 1', async () => {
      const parts: number[] = [];
      await draw({}, { onProgress: (progress) => parts.push(progress) });
      expect(parts.at(-1)).toBe(1);
      expect(parts).toEqual(parts.toSorted((left, right) => left - right));
      expect(parts.length).toBeGreaterThan(1);
    });

    it.each([
      ['prompt', { prompt: '' }],
      ['prompt', { prompt: 'x'.repeat(1001) }],
      ['width', { width: 7, height: 7 }],
      ['width', { width: 9000, height: 9000 }],
      ['steps', { steps: 0 }],
      ['steps', { steps: 10_000 }],
    ])('refuses by the name of `%s` what it cannot honour', async (param, wrong) => {
      const refusal = { code: 'invalid-request', data: { param } };
      await expect(draw(wrong)).rejects.toMatchObject(refusal);
      await expect((async () => admit(wrong))()).rejects.toMatchObject(refusal);
    });

    it('admits what it would draw', () => {
      admit({});
    });

    it('does nothing for a caller who has left', async () => {
      await expect(draw({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    });

    it('stops for a caller who leaves, and draws for the next', async () => {
      const leaving = new AbortController();
      let told = 0;
      const onProgress = () => {
        told++;
        leaving.abort();
      };
      await expect(draw({ seed: 1 }, { signal: leaving.signal, onProgress })).rejects.toMatchObject({
        code: 'cancelled',
      });
      await draw({ seed: 1 });
      expect(told).toBe(1);
    });
  });
}
