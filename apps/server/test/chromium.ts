import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** A Chromium on this machine: `CHROMIUM_PATH`, or where Debian puts it; undefined when there is none. */
export const chromiumPath: string | undefined = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium'].find(
  (path) => path !== undefined && existsSync(path),
);

/** A browser that talks to nobody by itself, so that every request seen is the page's own. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('There is no Chromium; set CHROMIUM_PATH.');
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet];
  return chromium.launch({ executablePath: chromiumPath, args });
}
