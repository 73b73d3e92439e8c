import type { Provider } from '@anura/core/engines';
import { expect, test } from 'vitest';
import { AppearingProvider } from './appearing-provider.ts';

function later(appearsAtLook: number) {
  let looks = 0;
  let closed = 0;
  const found: Provider = { name: 'box', engine: 'openai', offers: () => offers, close: async () => void closed++ };
  const offers: ReturnType<Provider['offers']> = [];
  const look = async () => (++looks >= appearsAtLook ? found : undefined);
  return { look, offers, looks: () => looks, closed: () => closed };
}

test('what is there already is offered in a moment', async () => {
  const box = later(1);
  const provider = AppearingProvider.open({ name: 'box', engine: 'openai', look: box.look, everyMs: 5 });
  await expect.poll(() => provider.offers()).toBe(box.offers);
  await provider.close();
  expect(box.closed()).toBe(1);
});

test('what appears later is offered from then on, and not looked for any more', async () => {
  const box = later(3);
  const provider = AppearingProvider.open({ name: 'box', engine: 'openai', look: box.look, everyMs: 5 });
  expect(provider.offers()).toEqual([]);
  expect(provider.offers()).toBe(provider.offers());
  await expect.poll(() => provider.offers()).toBe(box.offers);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(box.looks()).toBe(3);
  await provider.close();
});

test('closed while away, it looks no more', async () => {
  const box = later(Number.POSITIVE_INFINITY);
  const provider = AppearingProvider.open({ name: 'box', engine: 'openai', look: box.look, everyMs: 5 });
  await provider.close();
  const looks = box.looks();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(box.looks()).toBe(looks);
});
