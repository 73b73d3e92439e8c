import type { GatewayError } from '../errors/gateway-error.ts';
import type { EngineCall } from './engine-call.ts';
import type { ImageRequest } from './image-engine.ts';

/** What to animate: an image request whose answer moves. Length and frame rate are the model's. */
export type VideoRequest = ImageRequest;

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * The engine's own note about work under way: plain JSON, saved with the job and handed back unread, so that another process
 * can go on asking.
 */
export type VideoOperation = { readonly [key: string]: Json };

export interface Video {
  readonly bytes: Uint8Array;
  /** E.g. `image/webp`, animated. */
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
}

export type VideoStatus =
  | {
      readonly state: 'running';
      /** The part done, 0 to 1, where the engine knows it. */
      readonly progress?: number;
    }
  | { readonly state: 'succeeded'; readonly video: Video }
  | { readonly state: 'failed'; readonly error: GatewayError };

/**
 * Work too long for one request, in two calls that a job can make from different processes.
 *
 * ```
 * start ──► operation ──► status ──► running … ──► succeeded | failed
 * ```
 *
 * An operation that outlived its process is taken up again or started over by `status`; either way it ends in the same video.
 */
export interface VideoEngine {
  /**
   * Refuses what `start` would refuse before any work, so that a job need not be accepted only to fail. Quick.
   *
   * @throws GatewayError `invalid-request` naming the field.
   */
  admit(request: VideoRequest, call: EngineCall): void;
  /**
   * Begins. `call.signal` ends only the starting.
   *
   * @throws GatewayError as `admit` and `ImageEngine.image` do.
   */
  start(request: VideoRequest, call: EngineCall): Promise<VideoOperation>;
  /**
   * How it stands. The engine may forget an operation once it has answered `succeeded` or `failed`: keep the answer.
   *
   * @throws GatewayError where the question could not be asked; what became of the work is then unknown.
   */
  status(operation: VideoOperation, call: EngineCall): Promise<VideoStatus>;
  /** Stops the work and forgets it; does nothing where it is over or unknown. */
  cancel(operation: VideoOperation): Promise<void>;
}
