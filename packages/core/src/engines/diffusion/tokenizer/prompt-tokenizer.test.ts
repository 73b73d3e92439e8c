import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tadpoleImage } from '../__fixtures__/bundled.ts';
import { temporaryFolder, writeClipTokenizer } from '../__fixtures__/tiny-model.ts';
import { loadPromptTokenizer } from './prompt-tokenizer.ts';

const start = 7;
const end = 8;

describe('a prompt tokenizer', () => {
  it('reads a tokenizer.json and fills up to the length the text encoder takes', async () => {
    const tokenizer = await loadPromptTokenizer(join(tadpoleImage, 'tokenizer'), 32);
    const ids = tokenizer.encode('A spaceship, parked on a lilypad');
    expect(ids).toHaveLength(32);
    expect(ids.slice(0, 10)).toEqual([2, 10, 260, 5, 205, 192, 10, 164, 3, 0]);
  });

  it('reads CLIP’s vocabulary and merges, which is all that exports of Stable Diffusion hold', async () => {
    await using folder = await temporaryFolder();
    await writeClipTokenizer(folder.path);
    const tokenizer = await loadPromptTokenizer(folder.path, 77);
    expect(tokenizer.encode('AB  a aab')).toEqual([start, 5, 3, 1, 5, end, 0, 0]);
  });

  it('cuts a long prompt and keeps the end', async () => {
    await using folder = await temporaryFolder();
    await writeClipTokenizer(folder.path);
    const tokenizer = await loadPromptTokenizer(folder.path, 77);
    expect(tokenizer.encode('ab '.repeat(50))).toEqual([start, 5, 5, 5, 5, 5, 5, end]);
  });

  it('pads with the end token where none is named, and takes no more tokens than the encoder', async () => {
    await using folder = await temporaryFolder();
    await writeClipTokenizer(folder.path);
    await rm(join(folder.path, 'tokenizer_config.json'));
    const tokenizer = await loadPromptTokenizer(folder.path, 5);
    expect(tokenizer.encode('ab')).toEqual([start, 5, end, end, end]);
  });

  it('finds the padding token in the special tokens too, written as an object', async () => {
    await using folder = await temporaryFolder();
    await writeClipTokenizer(folder.path);
    await rm(join(folder.path, 'tokenizer_config.json'));
    await writeFile(join(folder.path, 'special_tokens_map.json'), '{"pad_token":{"content":"!"}}');
    const tokenizer = await loadPromptTokenizer(folder.path, 4);
    expect(tokenizer.encode('')).toEqual([start, end, 0, 0]);
  });
});
