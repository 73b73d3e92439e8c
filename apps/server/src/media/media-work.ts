import { GatewayError } from '@anura/core';
import type { MediaRequest } from '@anura/core/jobs';
import type {
  AudioJobRequest,
  ImageRequest,
  OpenAIImageRequest,
  OpenAIVideoRequest,
  SpeechRequest,
  VideoJobRequest,
} from '@anura/openapi';

/** What a caller's body asks to be made, in the engines' words. `null` on the wire is the same as leaving a field out. */
export function imageWork(body: ImageRequest): MediaRequest {
  return { kind: 'image', request: { ...drawing(body), width: given(body.width), height: given(body.height) } };
}

/** One for each picture. Their seeds count up, so that they differ and yet can be drawn again. */
export function openAIImageWorks(body: OpenAIImageRequest): MediaRequest[] {
  const request = { ...drawing(body), ...sidesOf(body.size) };
  const { seed } = request;
  return Array.from({ length: body.n ?? 1 }, (_, index) => ({
    kind: 'image',
    request: seed === undefined ? request : { ...request, seed: seed + index },
  }));
}

export function videoWork(body: VideoJobRequest): MediaRequest {
  return { kind: 'video', request: { ...drawing(body), width: given(body.width), height: given(body.height) } };
}

export function openAIVideoWork(body: OpenAIVideoRequest): MediaRequest {
  if ('input_reference' in body && body.input_reference != null) {
    throw new GatewayError('invalid-request', 'input_reference is not taken: videos are made from words alone.', {
      param: 'input_reference',
    });
  }
  return { kind: 'video', request: { ...drawing(body), ...sidesOf(body.size) } };
}

export function speechWork({ model, input, voice, speed }: AudioJobRequest | SpeechRequest): MediaRequest {
  return { kind: 'speech', request: { model, input, voice, speed: given(speed) } };
}

interface Drawing {
  readonly model: string;
  readonly prompt: string;
  readonly negative_prompt?: string | null;
  readonly seed?: number | null;
  readonly steps?: number | null;
}

function drawing({ model, prompt, negative_prompt, seed, steps }: Drawing) {
  return { model, prompt, negative_prompt: given(negative_prompt), seed: given(seed), steps: given(steps) };
}

const given = <T>(value: T | null | undefined): T | undefined => value ?? undefined;

/** `64x48`; nothing for `auto`, which is the model's own. */
function sidesOf(size: string | null | undefined): { width?: number; height?: number } {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(size ?? '') ?? [];
  return width && height ? { width: Number(width), height: Number(height) } : {};
}
