import type { FakeUpstream } from '@anura/fake-upstream';

/** An `anura.config.yaml` that offers these upstreams, the first the cheapest, so that it goes first. */
export const configOf = (upstreams: readonly FakeUpstream[], more = ''): string =>
  `providers:\n${upstreams.map(({ url }, at) => `  - { name: up${at}, url: "${url}", engine: openai, slots: 2, price: ${at} }\n`).join('')}${more}`;
