import type { EngineCall } from '../../engines/engine-call.ts';
import type { VideoEngine, VideoOperation, VideoRequest, VideoStatus } from '../../engines/video-engine.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import { sleep, type WallClock } from '../durable/wall-clock.ts';
import type { Product } from './check-product.ts';

/** What a video needs beyond the request. */
export interface Animation {
  readonly clock: WallClock;
  /** Work begun by an earlier attempt at this very offer. */
  readonly operation: VideoOperation | undefined;
  /** Makes the engine's note durable; throws when the job is not ours any more. */
  readonly keepOperation: (operation: VideoOperation) => Promise<void>;
  readonly onProgress: (part: number) => void;
  /** Time between two questions, milliseconds. */
  readonly pollMs: number;
}

/** So many questions in a row may fail; the pauses between them double from `pollMs` to a minute. */
const mostUnanswered = 8;
const longestPauseMs = 60_000;

/**
 * Begins a video, or takes up one that was begun before, and asks until it is there. The engine's note is durable before the
 * first question: from then on no restart renders anew.
 */
export async function animate(
  engine: VideoEngine,
  request: VideoRequest,
  call: EngineCall,
  animation: Animation,
): Promise<Product> {
  const { clock, keepOperation, onProgress, pollMs } = animation;
  const operation = animation.operation ?? (await engine.start(request, call));
  if (!animation.operation) await keepOperation(operation);
  for (;;) {
    const status = await askPatiently(engine, operation, call, animation);
    if (status.state === 'succeeded') return status.video;
    if (status.state === 'failed') throw status.error;
    if (status.progress !== undefined) onProgress(status.progress);
    await sleep(clock, pollMs, call.signal);
  }
}

async function askPatiently(
  engine: VideoEngine,
  operation: VideoOperation,
  call: EngineCall,
  { clock, pollMs }: Animation,
): Promise<VideoStatus> {
  for (let failures = 1; ; failures++) {
    try {
      return await engine.status(operation, call);
    } catch (error) {
      const hopeless = GatewayError.is(error) && error.retry === 'never';
      if (call.signal.aborted || hopeless || failures >= mostUnanswered) throw error;
    }
    await sleep(clock, Math.min(longestPauseMs, pollMs * 2 ** (failures - 1)), call.signal);
  }
}
