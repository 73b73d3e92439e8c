import { startAnura } from './start-anura.ts';
import { startCannedUpstream } from './start-canned-upstream.ts';
import { portkeyIsInstalled, startPortkey } from './start-portkey.ts';
import type { Target } from './target.ts';

export interface TargetsOptions {
  /** Tokens of every answer of the upstream. */
  readonly tokens: number;
  /** Leaves Portkey out. */
  readonly only?: 'anura';
}

/** Runs the task with the upstream itself, Anura in front of it, and Portkey's gateway where it is installed; stops them after it. */
export async function withTargets<Result>(
  { tokens, only }: TargetsOptions,
  task: (targets: readonly Target[]) => Promise<Result>,
): Promise<Result> {
  const targets: Target[] = [];
  try {
    const upstream = await startCannedUpstream(tokens);
    targets.push(upstream);
    targets.push(await startAnura({ settings: inFrontOf(upstream.origin) }));
    if (only === undefined && portkeyIsInstalled()) targets.push(await startPortkey(upstream.origin));
    return await task(targets);
  } finally {
    for (const target of targets.reverse()) await target.stop();
  }
}

/** Settings of an Anura that has this upstream and no model of its own, and never makes a request wait. */
export const inFrontOf = (origin: string): Record<string, unknown> => ({
  providers: [{ name: 'canned', url: `${origin}/v1`, engine: 'openai', slots: 10_000 }],
  llama: { enabled: false },
  diffusion: { enabled: false },
  speech: { enabled: false },
});
