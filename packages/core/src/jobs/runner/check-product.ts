import { whyNotMp4 } from '../../artifacts/check-mp4.ts';
import { whyNotPng } from '../../artifacts/check-png.ts';
import { whyNotWav } from '../../artifacts/check-wav.ts';
import { whyNotAnimatedWebp } from '../../artifacts/check-webp.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { JsonObject } from '../durable/durable-job-store.ts';
import type { MediaKind } from './media-provider.ts';

/** What an engine made. */
export interface Product {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

type Check = (bytes: Uint8Array, size: { width?: number; height?: number }) => string | undefined;

const checks: Readonly<Record<MediaKind, Readonly<Record<string, Check>>>> = {
  image: { 'image/png': whyNotPng },
  video: { 'image/webp': whyNotAnimatedWebp, 'video/mp4': (bytes) => whyNotMp4(bytes) },
  speech: { 'audio/wav': (bytes) => whyNotWav(bytes) },
};

/** Looks whether the bytes are what was asked for before a job counts as done. Throws `engine-failed`; another provider may do better. */
export function checkProduct(kind: MediaKind, { bytes, contentType }: Product, input: JsonObject): void {
  const check = checks[kind][contentType];
  const why = check ? check(bytes, sizeOf(input)) : `it is ${contentType || 'of no known type'}`;
  if (why === undefined) return;
  throw new GatewayError('engine-failed', `The provider’s ${kind} cannot be delivered: ${why}.`, {
    retry: 'elsewhere',
  });
}

function sizeOf({ width, height }: JsonObject): { width?: number; height?: number } {
  return {
    ...(typeof width === 'number' && { width }),
    ...(typeof height === 'number' && { height }),
  };
}
