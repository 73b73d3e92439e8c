import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { formatModelName, modelFileStem, modelNameAliases, parseModelName } from './model-name.ts';

describe('parseModelName', () => {
  it.each([
    ['llama3.1:8b', { namespace: 'library', model: 'llama3.1', tag: '8b' }],
    ['nomic-embed-text', { namespace: 'library', model: 'nomic-embed-text', tag: 'latest' }],
    ['library/phi4', { namespace: 'library', model: 'phi4', tag: 'latest' }],
    ['mannix/jan-nano:q8_0', { namespace: 'mannix', model: 'jan-nano', tag: 'q8_0' }],
    [
      'hf.co/bartowski/Phi-4-GGUF:Q4_K_M',
      { host: 'hf.co', namespace: 'bartowski', model: 'Phi-4-GGUF', tag: 'Q4_K_M' },
    ],
    ['HuggingFace.co/a/b', { host: 'hf.co', namespace: 'a', model: 'b', tag: 'latest' }],
    ['ollama.com/library/qwen3:4b', { namespace: 'library', model: 'qwen3', tag: '4b' }],
    ['localhost:5000/team/m:v2', { host: 'localhost:5000', namespace: 'team', model: 'm', tag: 'v2' }],
  ])('reads %s', (text, parts) => {
    expect(parseModelName(text)).toEqual({ kind: 'registry', ...parts });
  });

  it('reads hf:owner/repo as a repository, and what follows a colon as a folder of it', () => {
    const repository = { kind: 'folder', owner: 'acme', repository: 'frog-1.0-onnx' };
    expect(parseModelName('hf:acme/frog-1.0-onnx')).toEqual(repository);
    expect(parseModelName('hf:acme/frog-1.0-onnx:small/v2')).toEqual({ ...repository, folder: 'small/v2' });
  });

  it('knows where Kokoro is published, and that name for it alone', () => {
    const kokoro = { kind: 'folder', owner: 'onnx-community', repository: 'Kokoro-82M-v1.0-ONNX' };
    expect(parseModelName('kokoro')).toEqual(kokoro);
    expect(formatModelName(parseModelName('hf:onnx-community/Kokoro-82M-v1.0-ONNX'))).toBe('kokoro');
    expect(formatModelName(parseModelName('library/kokoro'))).toBe('library/kokoro');
    expect(formatModelName(parseModelName('kokoro:8b'))).toBe('kokoro:8b');
  });

  it.each([
    ['', 'empty'],
    ['..', 'model may hold'],
    ['a..b', 'model may hold'],
    ['../../etc/passwd', 'too many parts'],
    ['../passwd', 'owner may hold'],
    ['host/../passwd', 'owner may hold'],
    ['/etc/passwd', 'not a host name'],
    ['/model', 'owner is empty'],
    ['a\\b', 'model may hold'],
    ['a\u0000b', 'model may hold'],
    ['model:8b\n', 'tag may hold'],
    ['model:', 'tag is empty'],
    ['a:b:c', 'too many parts'],
    ['h/a/b/c', 'too many parts'],
    ['hf.co/repo', 'needs an owner'],
    ['hf:repo', 'repository is empty'],
    ['hf:a/b/c', 'too many parts'],
    ['hf:a/b:c:d', 'too many parts'],
    ['hf:a/b:', 'folder is empty'],
    ['hf:a/b:../c', 'folder may hold'],
    ['hf:a/b:/c', 'folder is empty'],
    ['https://hf.co/a/b', 'leave out'],
    ['host:99999/a/b', 'not a host name'],
    ['user@host/a/b', 'not a host name'],
    ['%2e%2e/model', 'owner may hold'],
    ['x'.repeat(201), 'longer than 200'],
    ['x'.repeat(97), 'longer than 96'],
  ])('refuses %j and says why', (text, reason) => {
    expect(() => parseModelName(text)).toThrowError(reason);
  });

  it('answers every string with a name or an invalid-request error', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', '.', '/', ':', '-', '_', '\0', '\\', 'é', '0') }),
        (text) => {
          try {
            parseModelName(text);
          } catch (error) {
            expect(GatewayError.is(error) && error.code).toBe('invalid-request');
          }
        },
      ),
    );
  });
});

const part = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_-]{0,18}[A-Za-z0-9])?$/);
const host = fc.constantFrom('localhost:5000', 'models.example.com', 'hf.co', '10.0.0.7:8080');
const name = fc.oneof(
  fc.record(
    { kind: fc.constant('registry' as const), host, namespace: part, model: part, tag: part },
    { requiredKeys: ['kind', 'namespace', 'model', 'tag'] },
  ),
  fc.record(
    { kind: fc.constant('folder' as const), owner: part, repository: part, folder: fc.constantFrom('onnx', 'a/b') },
    { requiredKeys: ['kind', 'owner', 'repository'] },
  ),
);

describe('formatModelName', () => {
  it('is read back as the same name', () => {
    fc.assert(
      fc.property(name, (original) => {
        expect(parseModelName(formatModelName(original))).toEqual(original);
      }),
    );
  });

  it('leaves out what is the default', () => {
    expect(formatModelName(parseModelName('registry.ollama.ai/library/llama3.2:latest'))).toBe('llama3.2');
  });
});

describe('modelFileStem', () => {
  it('is one plain file name, different for different models', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(modelFileStem(one)).toMatch(/^[\w@+.-]+$/);
        expect(modelFileStem(one) === modelFileStem(other)).toBe(formatModelName(one) === formatModelName(other));
      }),
    );
  });
});

it('a name without a tag answers to :latest too', () => {
  expect(modelNameAliases(parseModelName('phi4'))).toEqual(['phi4:latest']);
  expect(modelNameAliases(parseModelName('phi4:14b'))).toEqual([]);
});
