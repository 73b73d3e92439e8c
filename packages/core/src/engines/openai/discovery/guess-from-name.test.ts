import { describe, expect, it } from 'vitest';
import { guessModality, guessReasoning, guessVision } from './guess-from-name.ts';

describe('guessing from a name', () => {
  it.each([
    ['nomic-embed-text', 'embedding'],
    ['BAAI/bge-m3', 'embedding'],
    ['intfloat/e5-large', 'embedding'],
    ['sdxl-turbo', 'image'],
    ['black-forest-labs/FLUX.1-dev', 'image'],
    ['wan2.1', 'video'],
    ['kokoro', 'speech'],
    ['openai/gpt-4o-mini-tts', 'speech'],
    ['llama3.1:8b', 'chat'],
    ['mistral:7b', 'chat'],
    ['phi4-mini:3.8b', 'chat'],
  ])('%s makes %s', (name, modality) => {
    expect(guessModality(name)).toBe(modality);
  });

  it.each([
    ['llava:7b', true],
    ['gemma3:4b', true],
    ['gemma3:1b', false],
    ['gemma3n:e4b', false],
    ['Qwen/Qwen2.5-VL-7B-Instruct', true],
    ['qwen2.5vl:7b', true],
    ['llama3.1:8b', false],
    ['qwen2.5-coder:7b', false],
  ])('%s sees: %s', (name, sees) => {
    expect(guessVision(name)).toBe(sees);
  });

  it('knows models that think', () => {
    expect(['deepseek-r1:7b', 'openthinker:7b', 'llama3.1:8b'].map(guessReasoning)).toEqual([true, true, false]);
  });
});
