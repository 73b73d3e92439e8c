import { describe, expect, it } from 'vitest';
import { describeModel } from './list-openai-models.ts';

describe('describeModel', () => {
  it.each([
    [
      'vLLM',
      { id: 'meta-llama/Llama-3.1-8B-Instruct', max_model_len: 131_072 },
      'chat',
      ['tools', 'json_schema'],
      131_072,
    ],
    ['llama-server', { id: 'qwen', meta: { n_ctx_train: 32_768 } }, 'chat', ['tools', 'json_schema'], 32_768],
    [
      'OpenRouter',
      {
        id: 'x/y',
        context_length: 8000,
        architecture: { input_modalities: ['text', 'image'] },
        supported_parameters: ['tools', 'structured_outputs'],
      },
      'chat',
      ['tools', 'vision', 'json_schema'],
      8000,
    ],
    [
      'Mistral',
      {
        id: 'pixtral',
        max_context_length: 4096,
        capabilities: { completion_chat: true, function_calling: true, vision: true, fine_tuning: false },
      },
      'chat',
      ['tools', 'vision', 'json_schema'],
      4096,
    ],
    ['Together', { id: 'BAAI/bge-large', type: 'embedding', context_length: 512 }, 'embedding', [], 512],
    [
      'LM Studio',
      { id: 'some-model', type: 'vlm', max_context_length: 2048 },
      'chat',
      ['tools', 'json_schema', 'vision'],
      2048,
    ],
    ['another Anura', { id: 'tadpole', modality: 'chat', capabilities: [], context_length: 1024 }, 'chat', [], 1024],
    ['Groq', { id: 'llama-3.3-70b', context_window: 131_072 }, 'chat', ['tools', 'json_schema'], 131_072],
    ['an upstream that says nothing', { id: 'nomic-embed-text' }, 'embedding', [], undefined],
  ])('understands %s', (_, entry, modality, capabilities, contextLength) => {
    const described = describeModel(entry);
    expect(described).toMatchObject({ name: entry.id, modality });
    expect([...described.capabilities].sort()).toEqual([...capabilities].sort());
    expect(described.contextLength).toBe(contextLength);
  });
});
