import { expect, test } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { get, runServer } from './running-server.ts';

test('/openapi.json is the contract, and / leads to the reference', async () => {
  await using server = await runServer();
  const contract = (await (await get(`${server.url}/openapi.json`, {})).json()) as { openapi: string; paths: object };
  expect(contract.openapi).toMatch(/^3\.1/);
  expect(contract.paths).toHaveProperty('/chat/completions');
  const home = await fetch(server.url, { redirect: 'manual' });
  expect([home.status, home.headers.get('location')]).toEqual([302, '/docs']);
});

test('without docs there is no page', async () => {
  await using server = await runServer({ flags: { docs: false } });
  for (const path of ['/', '/docs', '/docs/reference.js']) expect((await get(server.url + path, {})).status).toBe(404);
});

test.skipIf(chromiumPath === undefined)(
  chromiumPath === undefined
    ? 'the reference renders in a browser (skipped: no Chromium here, set CHROMIUM_PATH)'
    : 'the reference renders every tag in a browser, asks nobody else, and logs no error',
  { timeout: 30_000 },
  async () => {
    await using server = await runServer();
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(15_000);
      const problems: string[] = [];
      const origins = new Set<string>();
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('requestfailed', (request) => problems.push(`${request.url()} ${request.failure()?.errorText}`));
      page.on('request', (request) => {
        if (/^https?:/.test(request.url())) origins.add(new URL(request.url()).origin);
      });
      await page.goto(`${server.url}/docs`);
      await page.getByText('Answer a conversation').first().waitFor();
      for (const tag of ['embeddings', 'models', 'jobs', 'explain', 'usage', 'health', 'keys'])
        await page.getByRole('button', { name: `Open Group - ${tag}`, exact: true }).click();
      await page.getByText('Make a key').first().waitFor();
      expect([...origins]).toEqual([server.url]);
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
