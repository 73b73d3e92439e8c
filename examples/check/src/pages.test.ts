import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkedBlocks } from './blocks/block-check.ts';
import { blocksChecked } from './blocks/documented-blocks.ts';
import { fencedBlocks } from './blocks/fenced-blocks.ts';
import { headingAnchors, internalLinks } from './blocks/internal-links.ts';
import { withGeneratedBlocks } from './reference/generated-blocks.ts';
import { readPages, repository } from './repository.ts';
import { type ExampleServer, startExampleServer } from './run/example-server.ts';

const pages = readPages();
/** As few as can be: raise it only for something that truly cannot be run here. */
const mostNotRun = 20;

describe('pages', () => {
  let server: ExampleServer;
  beforeAll(async () => {
    server = await startExampleServer();
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  it.each(pages)('$name has no block that nothing checks', (page) => {
    const unchecked = checkedBlocks(fencedBlocks(page)).flatMap(({ block, check }) =>
      check.kind === 'unchecked' ? [`${block.place}: ${check.why}`] : [],
    );
    expect(unchecked).toEqual([]);
  });

  it('have few blocks that are not run', () => {
    const notRun = blocksChecked()
      .filter(({ check }) => check.kind === 'not run')
      .map(({ block }) => block.place);
    expect(notRun.length, notRun.join('\n')).toBeLessThanOrEqual(mostNotRun);
  });

  it.each(pages)('$name is current where it is generated', { timeout: 60_000 }, async ({ text }) => {
    const current = await withGeneratedBlocks(text, server);
    expect(text, 'Run node examples/check/src/write-docs.ts').toBe(current);
  });

  it.each(pages)('$name links to what exists', ({ name, text }) => {
    for (const { path, anchor } of internalLinks(text)) {
      const target = path === '' ? join(repository, name) : join(repository, dirname(name), path);
      expect(existsSync(target), `${name} → ${path}`).toBe(true);
      if (anchor && target.endsWith('.md'))
        expect(headingAnchors(target), `${name} → ${path}#${anchor}`).toContain(anchor);
    }
  });
});
