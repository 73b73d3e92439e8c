import { expect, test } from 'vitest';
import { job, offer } from './__fixtures__/offers.ts';
import type { JobOffer } from './job-offer.ts';
import { whyNot } from './match.ts';

const needing = (needs: Partial<JobOffer['needs']>) => job({ needs: { capabilities: [], ...needs } });

test('an offer of the model with everything needed fits', () => {
  const able = offer({ capabilities: ['tools', 'vision'], contextLength: 3000 });
  expect(whyNot(needing({ capabilities: ['vision', 'tools'], contextTokens: 3000 }), able)).toBeUndefined();
});

test('an offer that does not say its context length is given the benefit of the doubt', () => {
  expect(whyNot(needing({ contextTokens: 1e6 }), offer())).toBeUndefined();
});

test.each([
  ['another model: toad', job(), offer({ model: 'toad' })],
  ['makes image, not chat', job(), offer({ modality: 'image' })],
  ['no tools', needing({ capabilities: ['tools'] }), offer({ capabilities: ['vision'] })],
  ['context 1024 < 3000 needed', needing({ contextTokens: 3000 }), offer({ contextLength: 1024 })],
  ['no slots', job(), offer({ slots: 0 })],
])('says "%s"', (reason, wanted, offered) => {
  expect(whyNot(wanted, offered)).toBe(reason);
});
