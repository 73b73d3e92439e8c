import { expect, test } from 'vitest';
import { fencedBlocks } from './fenced-blocks.ts';

const page = (text: string) => ({ name: 'page.md', text });

test('a block knows its place, its language and what the comment above it asks for', () => {
  const text = ['# Title', '', '<!-- run: hello -->', '```sh', 'echo hello', '```', ''].join('\n');
  expect(fencedBlocks(page(text))).toEqual([
    { place: 'page.md:4', page: 'page.md', language: 'sh', text: 'echo hello\n', marker: 'run', says: 'hello' },
  ]);
});

test('a block in a list loses the indentation of the list', () => {
  const text = ['- like this:', '', '  <!-- config -->', '  ```yaml', '  llama:', '    slots: 4', '  ```'].join('\n');
  expect(fencedBlocks(page(text))).toMatchObject([
    { language: 'yaml', text: 'llama:\n  slots: 4\n', marker: 'config' },
  ]);
});

test('a block without a comment right above it is not marked', () => {
  const [block] = fencedBlocks(page(['<!-- run -->', '', '```sh', 'rm everything', '```'].join('\n')));
  expect(block).not.toHaveProperty('marker');
});

test('a block that is never closed is refused with its place', () => {
  expect(() => fencedBlocks(page('text\n```sh\necho'))).toThrow('page.md:2');
});
