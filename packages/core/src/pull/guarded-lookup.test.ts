import { expect, it } from 'vitest';
import { guardedLookup } from './guarded-lookup.ts';
import type { Reach } from './redirect-policy.ts';

const lookUp = (reach: Reach, all: boolean) =>
  new Promise((resolve, reject) => {
    guardedLookup(reach)('localhost', { all }, (error, address) => (error ? reject(error) : resolve(address)));
  });

it('a name that leads into a private network is refused for a public registry', async () => {
  await expect(lookUp('public', true)).rejects.toThrowError(/private network/);
  await expect(lookUp('public', false)).rejects.toThrowError(/private network/);
});

it('a registry in a private network may use names beside it', async () => {
  expect(await lookUp('local', true)).toContainEqual(expect.objectContaining({ address: expect.any(String) }));
  expect(await lookUp('local', false)).toMatch(/^(127\.0\.0\.1|::1)$/);
});

it('a name that is not known is an error of the lookup', async () => {
  const lookingUp = new Promise((resolve, reject) => {
    guardedLookup('public')('name.invalid', {}, (error, address) => (error ? reject(error) : resolve(address)));
  });
  await expect(lookingUp).rejects.toMatchObject({ code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
});
