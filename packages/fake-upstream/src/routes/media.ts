import { makePng, type PictureSize } from '../media/picture.ts';
import { makeWav } from '../media/sound.ts';
import type { FakeModel } from '../models.ts';
import { bytesReply, jsonReply, Refusal, type Reply } from '../reply.ts';

type Fields = Record<string, unknown>;

/** `POST /v1/images/generations`, always as base64: the fake has no place to link to. */
export async function answerImages(request: Fields, model: FakeModel): Promise<Reply> {
  requireModality(model, 'image');
  const prompt = requireText(request, 'prompt');
  const size = readSize(request['size'], { width: 256, height: 256 });
  const seed = readInteger(request, 'seed', 0);
  const count = readInteger(request, 'n', 1);
  if (count < 1 || count > 8) throw new Refusal(400, 'n must be between 1 and 8', { param: 'n' });
  const pictures = await Promise.all(Array.from({ length: count }, (_, index) => makePng(prompt, seed + index, size)));
  return jsonReply({
    created: Math.floor(Date.now() / 1000),
    data: pictures.map((png) => ({ b64_json: png.toString('base64') })),
  });
}

/** `POST /v1/audio/speech`, always WAV. */
export function answerSpeech(request: Fields, model: FakeModel): Reply {
  requireModality(model, 'speech');
  const input = requireText(request, 'input');
  const format = request['response_format'] ?? 'wav';
  if (format !== 'wav') throw new Refusal(400, 'The fake upstream speaks wav only', { param: 'response_format' });
  return bytesReply('audio/wav', makeWav(input, String(request['voice'] ?? 'heart')));
}

export function requireModality(model: FakeModel, modality: FakeModel['modality']): void {
  if (model.modality !== modality) throw new Refusal(400, `${model.name} makes no ${modality}`, { param: 'model' });
}

export function requireText(request: Fields, name: string): string {
  const value = request[name];
  if (typeof value !== 'string' || value === '') throw new Refusal(400, `${name} is missing`, { param: name });
  return value;
}

export function readInteger(request: Fields, name: string, otherwise: number): number {
  const value = Number(request[name] ?? otherwise);
  if (!Number.isSafeInteger(value)) throw new Refusal(400, `${name} must be a whole number`, { param: name });
  return value;
}

/** Reads `512x512`; the fake paints at most 1024 pixels a side. */
export function readSize(value: unknown, otherwise: PictureSize): PictureSize {
  if (value === undefined || value === null || value === 'auto') return otherwise;
  const match = /^(\d{1,4})x(\d{1,4})$/.exec(String(value));
  const size = { width: Number(match?.[1]), height: Number(match?.[2]) };
  const fits = (pixels: number) => pixels >= 1 && pixels <= 1024;
  if (!fits(size.width) || !fits(size.height))
    throw new Refusal(400, 'size must be like 512x512, at most 1024x1024', { param: 'size' });
  return size;
}
