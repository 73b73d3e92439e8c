import type { OperationContext } from '../operations/operation.ts';
import type { MediaDesk } from './media-desk.ts';

/** Runs the task as one of the key's requests at a time. Throws `rate-limited` when the key has as many as it may have. */
export async function holdPlace<T>(desk: MediaDesk, context: OperationContext, task: () => Promise<T>): Promise<T> {
  const place = await desk.reserve(context.requester);
  try {
    return await task();
  } finally {
    place.settle(0); // no tokens: pictures and speech have none
  }
}
