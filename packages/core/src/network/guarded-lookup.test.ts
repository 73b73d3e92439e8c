import { expect, it } from 'vitest';
import { guardedLookup } from './guarded-lookup.ts';
import type { Reach } from './reach.ts';

const lookUp = (reach: Reach, all: boolean) =>
  new Promise((resolve, reject) => {
    guardedLookup(reach, () => new Error('a private network'))('localhost', { all }, (error, address) =>
      error ? reject(error) : resolve(address),
    );
  });

it('a name that leads into a private network is refused in public reach', async () => {
  await expect(lookUp('public', true)).rejects.toThrowError(/private network/);
  await expect(lookUp('public', false)).rejects.toThrowError(/private network/);
});

it('a name that leads into a private network is fine in local reach', async () => {
  expect(await lookUp('local', true)).toContainEqual(expect.objectContaining({ address: expect.any(String) }));
  expect(await lookUp('local', false)).toMatch(/^(127\.0\.0\.1|::1)$/);
});

it('a name that is not known is an error of the lookup', async () => {
  const lookingUp = new Promise((resolve, reject) => {
    guardedLookup('public', () => new Error('a private network'))('name.invalid', {}, (error, address) =>
      error ? reject(error) : resolve(address),
    );
  });
  await expect(lookingUp).rejects.toMatchObject({ code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
});
