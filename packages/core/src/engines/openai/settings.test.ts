import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const base = { name: 'box', baseUrl: 'http://box.lan:11434' };

describe('readSettings', () => {
  it.each([
    ['http://box.lan:11434', '/v1', ''],
    ['http://box.lan:11434/', '/v1', ''],
    ['http://box.lan:11434/v1/', '/v1', ''],
    ['https://anura.example/api/v1', '/api/v1', '/api'],
    ['https://proxy.example/openai', '/openai', '/openai'],
  ])('finds the paths of %s', (baseUrl, basePath, rootPath) => {
    expect(readSettings({ ...base, baseUrl })).toMatchObject({ basePath, rootPath, origin: new URL(baseUrl).origin });
  });

  it.each([
    ['no URL', { baseUrl: 'box.lan' }, 'baseUrl'],
    ['another protocol', { baseUrl: 'file:///etc/passwd' }, 'baseUrl'],
    ['a key in the address', { baseUrl: 'http://user:key@box.lan' }, 'baseUrl'],
    ['a query', { baseUrl: 'http://box.lan/?key=1' }, 'baseUrl'],
    ['a name with spaces', { name: 'my box' }, 'name'],
    ['no slots', { slots: 0 }, 'slots'],
    ['a deadline below 0', { deadlines: { connectMs: -1 } }, 'deadlines.connectMs'],
  ])('refuses %s by the name of the option', (_, wrong, param) => {
    expect(() => readSettings({ ...base, ...wrong })).toThrow(
      expect.objectContaining({ code: 'invalid-request', data: { param } }),
    );
  });

  it('never repeats an address that may hold a key', () => {
    expect(() => readSettings({ ...base, baseUrl: 'http://user:key@box.lan' })).toThrow(
      expect.not.stringContaining('user:key'),
    );
  });
});
