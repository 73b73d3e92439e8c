import { expect, test } from 'vitest';
import { fencedBlocks } from './fenced-blocks.ts';

const page = (...lines: string[]) => ({ name: 'page.md', text: lines.join('\n') });

test('a block knows its place, its language and what the comment above it asks for', () => {
  expect(fencedBlocks(page('# Title', '', '<!-- run: hello -->', '```sh', 'echo hello', '```', ''))).toEqual([
    {
      place: 'page.md:4',
      page: 'page.md',
      language: 'sh',
      text: 'echo hello\n',
      marker: 'run',
      note: 'hello',
      generated: false,
    },
  ]);
});

test('a block in a list loses the indentation of the list', () => {
  const blocks = fencedBlocks(page('- like this:', '', '  ```yaml', '  llama:', '    slots: 4', '  ```'));
  expect(blocks).toMatchObject([{ language: 'yaml', text: 'llama:\n  slots: 4\n' }]);
});

test('a block without a comment right above it is not marked', () => {
  const [block] = fencedBlocks(page('<!-- run -->', '', '```sh', 'rm everything', '```'));
  expect(block).not.toHaveProperty('marker');
});

test('a block between the marks of a generator is generated, the next one is not', () => {
  const text = [
    '<!-- generated: commands -->',
    '```text',
    'a',
    '```',
    '<!-- end of generated -->',
    '```sh',
    'b',
    '```',
  ];
  expect(fencedBlocks(page(...text)).map(({ generated }) => generated)).toEqual([true, false]);
});

test('a block that is never closed is refused with its place', () => {
  expect(() => fencedBlocks(page('text', '```sh', 'echo'))).toThrow('page.md:2');
});
