import { PassThrough } from 'node:stream';
import type { RunningServer } from '@anura/server';
import { loadConfig } from '@anura/server/config';
import { expect, test } from 'vitest';
import { listenFailure } from './commands/serve.ts';
import { bannerLines } from './serve-banner.ts';

type Model = ReturnType<RunningServer['models']>[number];

const model = (id: string, modality: Model['modality']): Model => ({
  id,
  modality,
  object: 'model',
  created: 0,
  owned_by: 'a frog',
  capabilities: [],
  limits: {},
  providers: 1,
  state: 'cold',
  engines: ['llama'],
});

const server = {
  url: 'http://127.0.0.1:8484',
  models: () => [model('big:7b', 'chat'), model('tadpole', 'chat'), model('tadpole-embed', 'embedding')],
};

const stdout = new PassThrough();
const context = {
  env: {},
  cwd: '/',
  home: '/h',
  stdin: stdout,
  stdout,
  stderr: stdout,
  signal: new AbortController().signal,
};

function banner(firstKey?: string, env = {}): string {
  const config = loadConfig({ env, cwd: '/nowhere', home: '/h' });
  return bannerLines({ ...server, ...(firstKey && { firstKey }) }, config, context).join('\n');
}

test('the first start shows the key once, and lines to paste that ask tadpole', () => {
  const lines = banner('anr_first');
  expect(lines).toContain('http://127.0.0.1:8484/docs');
  expect(lines).toContain('shown this once');
  expect(lines).toContain('\nexport ANURA_API_KEY=anr_first\n');
  expect(lines).toContain('big:7b, tadpole, tadpole-embed');
  const body = /-d '(.*)'/.exec(lines)?.[1] ?? '';
  expect(lines).toContain('Bearer anr_first"');
  expect(JSON.parse(body)).toMatchObject({ model: 'tadpole', stream: true });
});

test('a preset key is never shown', () => {
  const lines = banner(undefined, { ANURA_API_KEY: 'preset-secret' });
  expect(lines).not.toContain('preset-secret');
  expect(lines).toContain('the key you set');
});

test('a port that is taken is one line that says what to do', () => {
  const error = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
  expect(listenFailure(error, { host: '::1', port: 8484 })?.message).toBe(
    'Port 8484 is taken, perhaps by another anura serve. Stop that one, or choose another: anura serve --port 8485',
  );
  expect(listenFailure(new Error('something else'), { host: '::1', port: 1 })).toBeUndefined();
});
