import type { EngineCall } from './engine-call.ts';

/**
 * What to draw. Wire spelling. The engine checks every value against the model's own limits and refuses by name what it
 * cannot honour.
 */
export interface ImageRequest {
  readonly model: string;
  /** 1 to 1000 characters. */
  readonly prompt: string;
  /** What must not be seen. Default: nothing. */
  readonly negative_prompt?: string | undefined;
  /** 0 to 2³² − 1; the same seed gives the same bytes. Default: drawn by lot and told in the result. */
  readonly seed?: number | undefined;
  /** Default: the model's. */
  readonly steps?: number | undefined;
  /** Pixels. Default: the model's. */
  readonly width?: number | undefined;
  /** Pixels. Default: the model's. */
  readonly height?: number | undefined;
  /** How closely to follow the prompt, 0 to 30; up to 1 means not at all steered. Default: the model's. */
  readonly guidance?: number | undefined;
}

export interface DrawingCall extends EngineCall {
  /** Called after each step with the part done, above 0 and at most 1, never falling. */
  readonly onProgress?: (progress: number) => void;
}

export interface Picture {
  /** A whole PNG that was decoded once to be sure. */
  readonly bytes: Uint8Array;
  readonly contentType: 'image/png';
  readonly seed: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws one picture for each call.
 *
 * `image` rejects with a `GatewayError`: `invalid-request` naming the field, `engine-failed` where the model is missing, damaged or
 * draws nothing, `no-capacity` where there is no memory for it now, `cancelled` soon after `call.signal` aborts.
 */
export interface ImageEngine {
  /**
   * Refuses what `image` would refuse before any work, so that a job need not be accepted only to fail. Quick.
   *
   * @throws GatewayError `invalid-request` naming the field.
   */
  admit(request: ImageRequest, call: EngineCall): void;
  image(request: ImageRequest, call: DrawingCall): Promise<Picture>;
}
