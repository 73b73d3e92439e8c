import { dirname, join } from 'node:path';
import { createAnura } from '@anura/client';
import { listSettings, settings } from '@anura/server/config';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { blocksChecked } from './blocks/documented-blocks.ts';
import { codeSpans, commandWords } from './blocks/inline-code.ts';
import { readPages, repository } from './repository.ts';
import { parseCommand } from './run/parse-command.ts';
import { rehearse } from './run/rehearse.ts';

const known = [...listSettings(settings)];

/** Variables that are not settings: they say where things are, for the command and the examples. */
const otherVariables = [
  'ANURA_HOME',
  'ANURA_CONFIG',
  'ANURA_URL',
  'ANURA_MODEL',
  'ANURA_PROFILE',
  'ANURA_DEBUG',
  'ANURA_TEST_NO_SKIP',
];

const rehearsed = blocksChecked().filter(({ block, check }) => block.language === 'sh' && check.kind === 'not run');

/** A package's own page speaks from its folder, all others from the root. */
const folderOf = (page: string) => join(repository, /^packages\//.test(page) ? dirname(page) : '');

describe('commands the documentation shows without running them', () => {
  it.each(rehearsed)('$block.place could be run', { timeout: 60_000 }, async ({ block }) => {
    const { code, output } = await rehearse(block.text, folderOf(block.page));
    expect(code, output).toBe(0);
  });
});

/** `jobs.get` may be a setting or a method of the client. */
function clientMethods(): string[] {
  const rooms = Object.entries(createAnura({ baseUrl: 'http://127.0.0.1' }));
  return rooms.flatMap(([room, methods]) => Object.keys(methods).map((method) => `${room}.${method}`));
}

describe.each(readPages())('what $name names in its sentences', ({ text }) => {
  const spans = codeSpans(text);
  beforeAll(() => void vi.spyOn(console, 'log').mockReturnValue()); // fake-upstream prints its help
  afterAll(() => void vi.restoreAllMocks());

  it.each([...new Set(spans.filter((code) => /^(anura|npm|pnpm) /.test(code)))])('`%s` is a command', async (code) => {
    await parseCommand(commandWords(code), repository).catch((error: { code?: string }) => {
      // A sentence may name a command without what it works on.
      if (error.code !== 'commander.missingArgument' && error.code !== 'commander.help') throw error;
    });
  });

  it('are settings and variables that exist', () => {
    const sections = new Set(known.flatMap(({ path }) => (path.includes('.') ? [path.split('.')[0]] : [])));
    const named = spans.filter((code) => /^[a-z_]+\.[a-z_.]+$/.test(code) && sections.has(code.split('.')[0]));
    const paths = [...known.map(({ path }) => path), ...clientMethods()];
    expect(named.filter((code) => !paths.includes(code))).toEqual([]);

    const variables = [...known.map(({ env }) => env), ...otherVariables];
    expect(
      [...text.matchAll(/\bANURA_[A-Z_]+/g)].map(([name]) => name).filter((name) => !variables.includes(name)),
    ).toEqual([]);
  });
});
