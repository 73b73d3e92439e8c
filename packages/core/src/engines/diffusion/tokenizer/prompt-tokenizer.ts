import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { clipTokenizerJson } from './clip-tokenizer.ts';

/** A special token in the files: its text, or an object around it. */
const token = z
  .union([z.string(), z.looseObject({ content: z.string() })])
  .transform((value) => (typeof value === 'string' ? value : value.content))
  .optional()
  .catch(undefined);

const settings = z.looseObject({
  model_max_length: z.number().positive().optional().catch(undefined),
  pad_token: token,
});
const vocabulary = z.record(z.string(), z.int());

/** Turns prompts into exactly as many token ids as a text encoder takes. */
export interface PromptTokenizer {
  /** Cut after the last id but one, which stays the end token; filled up with the padding token. */
  encode(prompt: string): number[];
}

/**
 * Loads a tokenizer from a local folder: `tokenizer.json`, or CLIP's `vocab.json` and `merges.txt`.
 *
 * @param maxTokens what the text encoder takes; the tokenizer's own limit counts where it is lower.
 * @throws whatever reading or parsing the files throws.
 */
export async function loadPromptTokenizer(folder: string, maxTokens: number): Promise<PromptTokenizer> {
  const config = settings.parse((await readJson(folder, 'tokenizer_config.json')) ?? {});
  const special = settings.parse((await readJson(folder, 'special_tokens_map.json')) ?? {});
  const tokenizer = new Tokenizer((await tokenizerJson(folder)) as object, config);
  const length = Math.min(maxTokens, config.model_max_length ?? maxTokens);
  const padding = paddingId(tokenizer, config.pad_token ?? special.pad_token);
  return { encode: (prompt) => toLength(tokenizer.encode(prompt).ids, length, padding) };
}

async function tokenizerJson(folder: string): Promise<unknown> {
  const saved = await readJson(folder, 'tokenizer.json');
  if (saved !== undefined) return saved;
  const words = vocabulary.parse(await readJson(folder, 'vocab.json'));
  return clipTokenizerJson(words, await readFile(join(folder, 'merges.txt'), 'utf8'));
}

async function readJson(folder: string, file: string): Promise<unknown> {
  const text = await readFile(join(folder, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

function paddingId(tokenizer: Tokenizer, padToken: string | undefined): number {
  const id = padToken === undefined ? undefined : tokenizer.token_to_id(padToken);
  return id ?? tokenizer.token_to_id('<|endoftext|>') ?? 0;
}

function toLength(ids: readonly number[], length: number, padding: number): number[] {
  if (ids.length > length) return [...ids.slice(0, length - 1), ids.at(-1) ?? padding];
  return [...ids, ...Array<number>(length - ids.length).fill(padding)];
}
