// Builds the page and uses it as a person would, in Chromium: connects, asks, reads, stops an answer; and comes with a wrong key.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';

const server = process.env['ANURA_URL'] ?? 'http://127.0.0.1:8484';
const key = process.env['ANURA_API_KEY'] ?? '';
const model = process.env['ANURA_MODEL'] ?? 'tadpole';
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) throw new Error('There is no Chromium; say where it is with CHROMIUM_PATH.');

const outDir = mkdtempSync(join(tmpdir(), 'anura-react-chat-'));
const shared = { root: import.meta.dirname, logLevel: 'error', build: { outDir, emptyOutDir: true } } as const;
await build(shared);
const site = await preview({ ...shared, preview: { port: 0, host: '127.0.0.1' } });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage();
  await connect(page, key);
  await page.getByLabel('Model').selectOption(model);
  await page.getByLabel('Question').fill('What is the capital of France?');
  await page.getByRole('button', { name: 'Ask' }).click();
  const answer = page.getByLabel('Answer').filter({ hasText: 'Paris' });
  await answer.waitFor({ timeout: 30_000 });
  console.log(`the page says: ${await answer.textContent()}`);

  await page.route('**/chat/completions', () => {}); // a model that thinks for ever
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Ask' }).waitFor({ timeout: 30_000 });
  if ((await page.getByRole('alert').count()) > 0) throw new Error('Stopping is no error.');
  console.log('the button stops an answer');

  const stranger = await browser.newPage();
  await connect(stranger, 'anr_wrong');
  const problem = await stranger.getByRole('alert').textContent({ timeout: 30_000 });
  console.log(`to a stranger: ${problem}`);
  if (!problem?.includes('key')) throw new Error('A stranger should be told about the key.');
} finally {
  await browser.close();
  await site.close();
  rmSync(outDir, { recursive: true, force: true });
}

async function connect(page: Page, apiKey: string): Promise<void> {
  await page.goto(site.resolvedUrls?.local[0] ?? '');
  await page.getByLabel('Server').fill(server);
  await page.getByLabel('Key').fill(apiKey);
  await page.getByRole('button', { name: 'Connect' }).click();
}
