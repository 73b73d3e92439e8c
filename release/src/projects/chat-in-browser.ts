import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { Skipped } from '../steps.ts';
import type { InstalledServer } from './installed-server.ts';

/** Opens page.html of a project in Chromium and has it chat. @throws Skipped where there is no Chromium. */
export async function chatInBrowser(folder: string, { env }: InstalledServer): Promise<string> {
  const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium'].find((path) => path && existsSync(path));
  if (executablePath === undefined) throw new Skipped('there is no Chromium; set CHROMIUM_PATH');
  await using site = await serveFolder(folder);
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
  const browser = await chromium.launch({ executablePath, args });
  try {
    return await chatOnPage(browser, site.url, { baseUrl: env.ANURA_URL, apiKey: env.ANURA_API_KEY });
  } finally {
    await browser.close();
  }
}

async function chatOnPage(browser: Browser, url: string, options: object): Promise<string> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(`${url}/page.html`);
  try {
    await page.waitForFunction('globalThis.chat', undefined, { timeout: 10_000 });
    return await page.evaluate<string>(`globalThis.chat(${JSON.stringify(options)})`);
  } catch (cause) {
    throw new Error(`the page cannot chat\n${[cause, ...errors].join('\n')}`, { cause });
  }
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
};

async function serveFolder(folder: string): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(async ({ url = '/' }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://site').pathname));
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    response.writeHead(bytes ? 200 : 404, { 'content-type': types[extname(path)] ?? 'text/plain' }).end(bytes);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
