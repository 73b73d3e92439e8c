import { GatewayError } from '../../errors/gateway-error.ts';
import type { EngineParts } from './engine-parts.ts';
import type { CallDeadlines } from './options.ts';
import { CallWatch } from './upstream/call-watch.ts';

/**
 * Runs one call that has one answer, under the caller's signal and the deadlines. Throws the caller's own reason
 * when it left, and else a `GatewayError` that says which deadline passed or what the upstream did.
 *
 * @param deadlines those of the settings, unless this kind of work needs others
 */
export async function watchedCall<Answer>(
  parts: EngineParts,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Answer>,
  deadlines: CallDeadlines = parts.settings.deadlines,
): Promise<Answer> {
  const watch = new CallWatch({ provider: parts.settings.name, deadlines, signal });
  try {
    return await work(watch.signal);
  } catch (error) {
    const failure = watch.signal.aborted ? watch.signal.reason : parts.upstream.broken(error);
    parts.failed(failure);
    throw failure;
  } finally {
    watch.close();
  }
}

/**
 * The same for pictures, speech and videos: they come as a whole, so that only connecting and the total count, and a caller
 * who left is a `cancelled` error.
 */
export async function mediaCall<Answer>(
  parts: EngineParts,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const { deadlines } = parts.settings;
  try {
    return await watchedCall(parts, signal, work, { ...deadlines, firstTokenMs: deadlines.totalMs });
  } catch (error) {
    if (GatewayError.is(error)) throw error;
    throw new GatewayError('cancelled', 'The caller left before the work was done.', { cause: error });
  }
}
