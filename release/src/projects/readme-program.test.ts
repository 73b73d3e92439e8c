import { expect, it } from 'vitest';
import { readmeProgram } from './readme-program.ts';

it('joins the TypeScript of a page and leaves the rest', () => {
  const page = '# Frog\n\n```ts\nconst one = 1;\n```\n\n```sh\nls\n```\n\ntext\n\n```ts\nconsole.log(one);\n```\n';
  expect(readmeProgram(page)).toBe('const one = 1;\n\nconsole.log(one);\n');
  expect(readmeProgram('# Frog')).toBe('');
});
