import { describe, expect, it } from 'vitest';
import { readShown } from './ollama-models.ts';

const info = { 'general.architecture': 'llama', 'llama.context_length': 131_072, 'llama.embedding_length': 4096 };

describe('readShown', () => {
  it('reads the capabilities of current versions', () => {
    const shown = readShown('m', {
      capabilities: ['completion', 'tools', 'vision', 'thinking', 'insert'],
      model_info: info,
    });
    expect(shown).toEqual({
      modality: 'chat',
      capabilities: ['tools', 'vision', 'json_schema', 'reasoning'],
      contextLength: 131_072,
      dimensions: 4096,
    });
  });

  it('takes the context length that the Modelfile sets', () => {
    expect(
      readShown('m', { capabilities: ['completion'], parameters: 'stop "<|eot|>"\nnum_ctx    4096', model_info: info })
        .contextLength,
    ).toBe(4096);
  });

  it.each([
    ['an embedding model by its family', { details: { families: ['nomic-bert'] } }, 'embedding', []],
    [
      'a model with tools by its template',
      { template: '{{ if .Tools }}…', details: { families: ['llama'] } },
      'chat',
      ['tools', 'json_schema'],
    ],
    [
      'a vision model by its projector',
      { details: { families: ['llama', 'clip'] } },
      'chat',
      ['vision', 'json_schema'],
    ],
  ])('of versions without capabilities knows %s', (_, answer, modality, capabilities) => {
    expect(readShown('m', answer)).toMatchObject({ modality, capabilities });
  });

  it.each([undefined, null, 'text', [], { model_info: 7, capabilities: 'tools' }])(
    'makes a chat model of the answer %j',
    (answer) => {
      expect(readShown('m', answer)).toMatchObject({ modality: 'chat', contextLength: undefined });
    },
  );
});
