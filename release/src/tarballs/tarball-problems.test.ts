import { expect, it } from 'vitest';
import { tarballProblems } from './tarball-problems.ts';

const manifest = {
  name: '@anura/frog',
  version: '1.0.0',
  bin: { frog: './dist/main.js' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './*.json': './data/*.json' },
};
const entries = ['LICENSE', 'README.md', 'dist/index.d.ts', 'dist/index.js', 'dist/main.js', 'package.json'];

it('finds nothing wrong with a whole package', () => {
  expect(tarballProblems({ manifest, entries })).toEqual([]);
});

it('names what is promised and not there', () => {
  expect(tarballProblems({ manifest, entries: ['package.json', 'dist/index.js'] })).toEqual([
    'LICENSE is not in it',
    'README.md is not in it',
    'dist/index.d.ts is named in package.json and not in it',
    'dist/main.js is named in package.json and not in it',
  ]);
});

it('names what nobody else needs, and versions that mean something here only', () => {
  const dependencies = { '@anura/pond': 'workspace:*', zod: '4.6.7' };
  const more = [...entries, 'dist/frog.test.js', 'tsconfig.json', 'dist/vendor/lake/tsconfig.json'];
  expect(tarballProblems({ manifest: { ...manifest, dependencies }, entries: more })).toEqual([
    'dist/frog.test.js is for us alone',
    'tsconfig.json is for us alone',
    '@anura/pond still has a workspace: version',
  ]);
});
