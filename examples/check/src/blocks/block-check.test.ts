import { expect, test } from 'vitest';
import { checkedBlocks } from './block-check.ts';
import { fencedBlocks } from './fenced-blocks.ts';

const checks = (...lines: string[]) =>
  checkedBlocks(fencedBlocks({ name: 'page.md', text: lines.join('\n') })).map(({ check }) => check);

test('commands and programs are run unless a comment says otherwise', () => {
  expect(checks('```sh', 'ls', '```', '```ts', '1;', '```')).toEqual([
    { kind: 'run', says: '' },
    { kind: 'run', says: '' },
  ]);
  expect(checks('<!-- not run: it needs a GPU -->', '```sh', 'ls', '```')).toEqual([
    { kind: 'not run', reason: 'it needs a GPU' },
  ]);
});

test('a text or JSON after something that is run is what that printed', () => {
  const [, text] = checks('```sh', 'ls', '```', '```text', 'a b', '```');
  expect(text).toMatchObject({ kind: 'output', of: { place: 'page.md:1' } });
});

test('a text that nothing printed is unchecked', () => {
  expect(checks('```text', 'a b', '```')).toMatchObject([{ kind: 'unchecked' }]);
  expect(checks('```yaml', 'a: 1', '```', '```json', '{}', '```')).toMatchObject([{}, { kind: 'unchecked' }]);
});

test('nothing is exempt without a reason', () => {
  const [check] = checks('<!-- not run: no -->', '```sh', 'ls', '```');
  expect(check).toMatchObject({ kind: 'unchecked', why: expect.stringContaining('Say why') });
});
