import sharp from 'sharp';
import { GatewayError } from '../../../errors/gateway-error.ts';

export interface Promised {
  readonly format: 'png' | 'webp';
  /** Of one frame, pixels. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/**
 * Decodes a finished file once: what is called done must open.
 *
 * @throws GatewayError `engine-failed` where it is not the picture that was promised.
 */
export async function checkPicture(bytes: Uint8Array, promised: Promised): Promise<void> {
  const { data, info } = await decode(bytes);
  const height = promised.height * promised.frames;
  const asPromised = info.format === promised.format && info.width === promised.width && info.height === height;
  if (!asPromised || data.length !== info.width * info.height * info.channels) throw notAPicture(undefined);
}

async function decode(bytes: Uint8Array) {
  try {
    const picture = sharp(bytes, { animated: true, failOn: 'truncated' });
    const { format } = await picture.metadata();
    const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
    return { data, info: { ...info, format } };
  } catch (cause) {
    throw notAPicture(cause);
  }
}

function notAPicture(cause: unknown): GatewayError {
  return new GatewayError('engine-failed', 'The finished picture could not be read back. Try again.', {
    retry: 'here',
    cause,
  });
}
