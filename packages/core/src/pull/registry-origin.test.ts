import { describe, expect, it } from 'vitest';
import { parseModelName, type RegistryModelName } from './model-name.ts';
import { registryOrigin } from './registry-origin.ts';

const origin = (name: string, registry?: string) =>
  registryOrigin(parseModelName(name) as RegistryModelName, registry).href;

describe('registryOrigin', () => {
  it.each([
    ['llama3.1:8b', undefined, 'https://registry.ollama.ai/'],
    ['llama3.1:8b', 'http://nas:5000', 'http://nas:5000/'],
    ['hf.co/owner/repo:Q4_K_M', 'http://nas:5000', 'https://hf.co/'],
    ['models.example.com:8443/a/b', undefined, 'https://models.example.com:8443/'],
    ['localhost:5000/a/b', undefined, 'http://localhost:5000/'],
    ['127.0.0.1:5000/a/b', undefined, 'http://127.0.0.1:5000/'],
    ['127.0.0.1.example.com/a/b', undefined, 'https://127.0.0.1.example.com/'],
  ])('%s with registry %s is asked at %s', (name, registry, expected) => {
    expect(origin(name, registry)).toBe(expected);
  });

  it.each(['nas:5000', 'ftp://nas', 'https://user:secret@nas', 'not an address'])(
    'refuses the registry %s',
    (registry) => {
      expect(() => origin('m', registry)).toThrowError(/must be an address/);
    },
  );
});
