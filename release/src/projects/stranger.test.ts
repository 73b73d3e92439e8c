import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { repository } from '../repository.ts';
import { becomeStranger, forget } from './stranger.ts';

afterEach(() => vi.unstubAllEnvs());

it('knows this Node and nothing else of the repository', async () => {
  vi.stubEnv('PATH', `${repository}/node_modules/.bin:/usr/bin:/somewhere/node_modules/.bin`);
  vi.stubEnv('ANURA_API_KEY', 'anr_of_somebody');
  vi.stubEnv('npm_config_registry', 'pnpm told its children');
  const stranger = await becomeStranger();
  try {
    const [bin, ...others] = stranger.path;
    expect(realpathSync(join(bin ?? '', 'node'))).toBe(realpathSync(process.execPath));
    expect(others).toEqual(['/usr/bin']);
    expect(readdirSync(stranger.running['HOME'] ?? '')).toEqual([]);
    for (const env of [stranger.running, stranger.installing]) {
      expect(env).not.toHaveProperty('ANURA_API_KEY');
      expect(env).not.toHaveProperty('npm_config_registry');
      expect(env['PATH']).toBe(`${bin}:/usr/bin`);
    }
  } finally {
    forget(stranger);
  }
  expect(existsSync(stranger.folder)).toBe(false);
});
