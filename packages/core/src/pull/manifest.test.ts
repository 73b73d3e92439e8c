import { describe, expect, it } from 'vitest';
import { readManifest } from './manifest.ts';

const digest = (character: string) => `sha256:${character.repeat(64)}`;
const layer = (role: string, character = 'a', size = 1000) => ({
  mediaType: `application/vnd.ollama.image.${role}`,
  digest: digest(character),
  size,
});
const manifest = (layers: unknown[], more: object = {}) => JSON.stringify({ schemaVersion: 2, layers, ...more });

describe('readManifest', () => {
  it('sorts layers by what they are and leaves unknown ones alone', () => {
    const read = readManifest(
      manifest([
        layer('model'),
        layer('projector', 'b'),
        layer('template', 'c'),
        layer('license', 'd'),
        layer('tensor', 'e'),
      ]),
      'm',
    );
    expect(read.weights.digest).toBe(digest('a'));
    expect(read.companions.map(({ role }) => role)).toEqual(['projector']);
    expect(read.texts.map(({ role }) => role)).toEqual(['template', 'license']);
  });

  it.each([
    ['HTML', '<html>', 'not JSON'],
    [
      'an index of platforms',
      manifest([layer('model')], { mediaType: 'application/vnd.oci.image.index.v1+json' }),
      'mediaType',
    ],
    ['a path in a digest', manifest([{ ...layer('model'), digest: 'sha256:../../../etc/passwd' }]), 'layers.0.digest'],
    ['a negative size', manifest([layer('model', 'a', -1)]), 'layers.0.size'],
    ['a size beyond counting', manifest([layer('model', 'a', 1e300)]), 'layers.0.size'],
    ['a thousand layers', manifest(Array.from({ length: 1000 }, () => layer('license'))), 'layers'],
    ['a template of a gigabyte', manifest([layer('model'), layer('template', 'b', 1e9)]), 'larger than 1 MiB'],
    ['weights of no bytes', manifest([layer('model', 'a', 0)]), 'too small'],
    ['the same file twice', manifest([layer('model'), layer('projector')]), 'are the same'],
    ['no document', 'null', 'the document'],
  ])('refuses %s', (_what, json, reason) => {
    expect(() => readManifest(json, 'm')).toThrowError(reason);
  });

  it('says so when the model has no weights to download', () => {
    expect(() => readManifest(manifest([layer('template')]), 'gpt-oss:120b-cloud')).toThrowError(
      /gpt-oss:120b-cloud has no GGUF/,
    );
  });

  it('refuses weights that are split over files', () => {
    expect(() => readManifest(manifest([layer('model'), layer('model', 'b')]), 'm')).toThrowError(/split over 2 files/);
  });
});
