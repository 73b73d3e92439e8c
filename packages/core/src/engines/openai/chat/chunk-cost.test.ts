import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createOpenAIProvider, type OpenAIProvider } from '../openai-provider.ts';

const fakeCommand = fileURLToPath(new URL('./main.js', import.meta.resolve('@anura/fake-upstream')));

/** The fake in its own process, so that its work is not in the figure. */
async function startFakeProcess(...args: string[]) {
  const child = spawn(process.execPath, [fakeCommand, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { url: /http:\S+/.exec(String(line))?.[0] ?? '', stop: () => child.kill() };
}

async function countChunks(provider: OpenAIProvider): Promise<number> {
  const offer = provider.offers()[0];
  if (!offer) throw new Error('The fake offers nothing.');
  const request = { model: offer.model, messages: [{ role: 'user' as const, content: 'Hi' }] };
  const call = { offer, signal: new AbortController().signal, jobOfferId: 'QmTest' };
  let chunks = 0;
  for await (const _ of provider.chat.chat(request, call)) chunks++;
  return chunks;
}

it('spends less than 50 µs of processor time on a chunk', async () => {
  const fake = await startFakeProcess('--canned', '2000');
  const provider = await createOpenAIProvider({ name: 'fake', baseUrl: fake.url });
  try {
    for (let round = 0; round < 5; round++) await countChunks(provider);
    const before = process.cpuUsage();
    let chunks = 0;
    for (let round = 0; round < 10; round++) chunks += await countChunks(provider);
    const { user, system } = process.cpuUsage(before);
    expect(chunks).toBe(20_010);
    expect((user + system) / chunks).toBeLessThan(50);
  } finally {
    await provider.close();
    fake.stop();
  }
});
