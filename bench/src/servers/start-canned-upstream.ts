import { fileURLToPath } from 'node:url';
import { startChild } from '../processes/child-process.ts';
import type { Target } from './target.ts';

/** Starts the upstream that answers every chat with the same bytes. */
export async function startCannedUpstream(tokens: number): Promise<Target> {
  const startedAt = performance.now();
  const child = startChild([fileURLToPath(new URL('canned-upstream.ts', import.meta.url)), String(tokens)]);
  const { url } = JSON.parse(await child.firstLine()) as { url: string };
  return {
    name: 'direct',
    pid: child.pid,
    origin: url,
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    readyMs: performance.now() - startedAt,
    stop: () => child.stop(),
  };
}
