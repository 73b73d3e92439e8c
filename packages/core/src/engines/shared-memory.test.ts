import { afterEach, describe, expect, it } from 'vitest';
import { callFor, openProvider } from './diffusion/__fixtures__/open-provider.ts';
import { temporaryFolder, writeTinyModel } from './diffusion/__fixtures__/tiny-model.ts';
import type { DiffusionProvider } from './diffusion/index.ts';
import { answer, chat, offerOf, startTadpole, user } from './llama/__fixtures__/tadpole.ts';
import type { LlamaProvider } from './llama/index.ts';
import { createMemoryBudget } from './memory-budget.ts';

const messages = [user('Hello!')];

/** A pond or a lake takes 80 MB; tadpole 42, or 76 with all its slots where the budget is larger. */
const forOne = { limitBytes: 100e6 };
const forTadpoleAndOneMore = { limitBytes: 170e6 };

describe('language models and drawing models', { timeout: 30_000 }, () => {
  const open: AsyncDisposable[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
  });

  async function startBoth({ limitBytes }: { limitBytes: number }) {
    const folder = await temporaryFolder();
    const ponds = [
      await writeTinyModel(folder.path, { name: 'pond' }),
      await writeTinyModel(folder.path, { name: 'lake' }),
    ];
    const memory = createMemoryBudget({ limitBytes });
    const llama = await startTadpole({ memory });
    const diffusion = await openProvider(ponds, { memory });
    open.push(folder, { [Symbol.asyncDispose]: () => llama.close() }, diffusion);
    return { llama, diffusion };
  }

  it('make room for each other', async () => {
    const { llama, diffusion } = await startBoth(forOne);
    await answer(llama, { messages });
    expect(states(llama, diffusion)).toEqual({ tadpole: 'loaded', pond: 'cold', lake: 'cold' });
    await draw(diffusion, 'pond');
    expect(states(llama, diffusion)).toEqual({ tadpole: 'cold', pond: 'loaded', lake: 'cold' });
    await answer(llama, { messages });
    expect(states(llama, diffusion)).toEqual({ tadpole: 'loaded', pond: 'cold', lake: 'cold' });
  });

  it('go in the order of their last use, whatever their kind', async () => {
    const { llama, diffusion } = await startBoth(forTadpoleAndOneMore);
    await answer(llama, { messages });
    await draw(diffusion, 'pond');
    await answer(llama, { messages });
    await draw(diffusion, 'lake');
    expect(states(llama, diffusion)).toEqual({ tadpole: 'loaded', pond: 'cold', lake: 'loaded' });
  });

  it('wait for each other while they are at work', async () => {
    const { llama, diffusion } = await startBoth(forOne);
    const chunks = chat(llama, { messages })[Symbol.asyncIterator]();
    await chunks.next();
    const picture = draw(diffusion, 'pond');
    expect(states(llama, diffusion)).toEqual({ tadpole: 'loaded', pond: 'loading', lake: 'cold' });
    while (!(await chunks.next()).done) expect(states(llama, diffusion)['tadpole']).toBe('loaded');
    await picture;
    expect(states(llama, diffusion)).toEqual({ tadpole: 'cold', pond: 'loaded', lake: 'cold' });
  });

  it('stop waiting when the one who asked leaves', async () => {
    const { llama, diffusion } = await startBoth(forOne);
    const chunks = chat(llama, { messages })[Symbol.asyncIterator]();
    await chunks.next();
    const leaving = new AbortController();
    const picture = draw(diffusion, 'pond', leaving.signal);
    leaving.abort();
    await expect(picture).rejects.toMatchObject({ code: 'cancelled' });
    expect(states(llama, diffusion)).toEqual({ tadpole: 'loaded', pond: 'cold', lake: 'cold' });
    await chunks.return?.();
    await draw(diffusion, 'pond');
  });
});

function draw(provider: DiffusionProvider, model: string, signal = new AbortController().signal) {
  return provider.images.image({ model, prompt: 'ab', steps: 2 }, { ...callFor(provider, model), signal });
}

/** Of all the drawing models, and of tadpole. */
function states(llama: LlamaProvider, diffusion: DiffusionProvider): Record<string, string> {
  const offers = [offerOf(llama, 'tadpole'), ...diffusion.offers()];
  return Object.fromEntries(offers.map(({ model, state }) => [model, state]));
}
