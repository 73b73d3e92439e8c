import { type EffectiveConfig, loadConfig } from '@anura/server/config';
import type { Context } from './context.ts';
import { serverFlags } from './server-flags.ts';

/** The configuration a server would have that was started here with these options. Throws a `ConfigError`. */
export function effectiveConfig(
  options: Readonly<Record<string, unknown>>,
  { env, cwd, home }: Context,
): EffectiveConfig {
  return loadConfig({ flags: serverFlags(options), env, cwd, home });
}
