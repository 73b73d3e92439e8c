import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Manifest } from './manifest.ts';
import { manifestProblems } from './manifest-problems.ts';
import { publishablePackages } from './publishable-packages.ts';

const packages = publishablePackages();

it('finds what is published, and nothing that is private', () => {
  const names = packages.map(({ manifest }) => manifest.name);
  expect(names).toEqual(expect.arrayContaining(['@anura/cli', '@anura/client', '@anura/core', '@anura/openapi']));
  expect(names.filter((name) => /bench|example|release/.test(name))).toEqual([]);
});

it.each(packages)('$directory has all a registry wants to know', ({ manifest, directory, folder }) => {
  expect(manifestProblems(manifest, directory, readdirSync(folder))).toEqual([]);
});

it('names everything that a package lacks', () => {
  const bare: Manifest = { name: '@anura/frog', version: '1.0.0', exports: { '.': { default: './frog.js' } } };
  expect(manifestProblems(bare, 'packages/frog', ['NOTICE'])).toEqual([
    'license is not "Apache-2.0"',
    'description does not say what it is',
    'keywords are fewer than three',
    expect.stringContaining('directory: packages/frog'),
    'homepage is not its README',
    expect.stringContaining('bugs is not'),
    'engines.node is missing',
    'sideEffects is missing: bundlers must keep all of it',
    'files is missing: sources and tests would be packed',
    'publishConfig is not {access: public, provenance: true}',
    'types is missing',
    'exports["."] has no types',
    'README.md is missing',
    'NOTICE is not among files',
  ]);
});

it('wants types under each condition of an entry', () => {
  const { manifest, directory } = packages.find(({ directory }) => directory === 'packages/client') ?? {};
  if (!manifest || !directory) throw new Error('There is no client.');
  const half = { import: { types: './index.d.ts', default: './index.js' }, require: { default: './index.cjs' } };
  expect(manifestProblems({ ...manifest, exports: { './half': half } }, directory, ['README.md'])).toEqual([
    'exports["./half"] has no types',
  ]);
});
