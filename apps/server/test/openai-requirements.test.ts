import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openaiRequirements } from './openai-requirements.ts';

const folder = import.meta.dirname;
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(test|suite)\.ts$/.test(name))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

const cited = new Set(
  sources.flatMap((source) =>
    [...source.matchAll(/\bproves\(([^)]*)\)\(/g)].flatMap(([, list = '']) =>
      [...list.matchAll(/'([^']+)'/g)].map(([, id = '']) => id),
    ),
  ),
);

test('every OpenAI requirement is cited by a test', () => {
  const forgotten = Object.keys(openaiRequirements).filter((id) => !cited.has(id));
  expect(forgotten).toEqual([]);
});

test('no test cites a requirement that does not exist', () => {
  expect([...cited].filter((id) => !(id in openaiRequirements))).toEqual([]);
});
