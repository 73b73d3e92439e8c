import type { Token } from '@anura/node-llama-cpp';
import type { ChatLogprobs } from '@anura/openapi';
import type { SampledToken } from '../decoding/generation.ts';
import type { TokenPieces } from '../output/token-text.ts';

export type TokenLogprob = NonNullable<ChatLogprobs['content']>[number];

/** What a probability of 0 is reported as: JSON has no minus infinity. OpenAI uses the same number. */
const impossible = -9999;

/**
 * The log probabilities of one token under the model itself.
 *
 * The sampler reports probabilities after the temperature, `p ∝ q^(1/T)`; the power is undone here. Where `top_k`, `top_p`,
 * `min_p` or a grammar removed tokens before the draw, the values are those among the remaining ones.
 */
export function tokenLogprob(
  { token, probabilities }: SampledToken,
  temperature: number,
  alternatives: number,
  pieces: TokenPieces,
): TokenLogprob {
  const power = temperature > 0 ? temperature : 1;
  const normalization = power === 1 ? 0 : logSum(probabilities ?? [], power);
  const logprob = (probability: number) =>
    probability > 0 ? Math.min(0, power * Math.log(probability) - normalization) : impossible;
  const top = firstEntries(probabilities ?? [], alternatives);
  return {
    ...describe(token, pieces),
    logprob: logprob(probabilities?.get(token) ?? 0),
    top_logprobs: top.map(([other, probability]) => ({ ...describe(other, pieces), logprob: logprob(probability) })),
  };
}

function logSum(probabilities: Iterable<readonly [Token, number]>, power: number): number {
  let sum = 0;
  for (const [, probability] of probabilities) sum += probability ** power;
  return Math.log(sum);
}

function firstEntries<Entry>(entries: Iterable<Entry>, count: number): Entry[] {
  const first: Entry[] = [];
  for (const entry of entries) {
    if (first.length === count) break;
    first.push(entry);
  }
  return first;
}

/** A token that is only part of a character has text no client could join; its bytes are not known here. */
function describe(token: Token, pieces: TokenPieces): { token: string; bytes: number[] | null } {
  const text = pieces.pieceOf(token);
  return { token: text, bytes: text.includes('\uFFFD') ? null : [...Buffer.from(text)] };
}
