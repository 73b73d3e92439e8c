import { isAbsolute, join } from 'node:path';
import type { Context } from '../context.ts';

/**
 * The folder of the user's profiles, as each system wants it: `XDG_CONFIG_HOME` or `~/.config`, on Windows `APPDATA`. Undefined
 * when the user has no home. A relative `XDG_CONFIG_HOME` is ignored, as its specification asks.
 */
export function profileFolder(
  { env, home }: Pick<Context, 'env' | 'home'>,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const [named, usual] =
    platform === 'win32' ? [env['APPDATA'], join('AppData', 'Roaming')] : [env['XDG_CONFIG_HOME'], '.config'];
  if (named && isAbsolute(named)) return join(named, 'anura');
  return home ? join(home, usual, 'anura') : undefined;
}
