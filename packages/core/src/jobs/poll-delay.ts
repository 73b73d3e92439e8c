/** Bounds of one pause between two questions, and the pause while nobody knows how long it will take. Milliseconds. */
const shortestMs = 250;
const longestMs = 15_000;
const usualMs = 2_000;

/**
 * How long to wait before asking for an unfinished job again: half of what is left by the server's estimate, so that the
 * questions grow denser towards the end and an estimate that was wrong costs little. The server asks for it in `Retry-After`,
 * the client keeps to it where it cannot follow the job's events.
 */
export function pollDelayMs({ estimated_seconds }: { readonly estimated_seconds?: number | null | undefined }): number {
  if (typeof estimated_seconds !== 'number') return usualMs;
  return Math.min(longestMs, Math.max(shortestMs, (estimated_seconds * 1000) / 2));
}
