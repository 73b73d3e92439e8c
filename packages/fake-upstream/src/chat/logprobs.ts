import type { TokenLogprob } from '@anura/openapi';
import { createRandom, hashText } from '../random.ts';

/** Log probabilities that add up to less than one, the chosen token first, the same each time. */
export function tokenLogprob(token: string, seed: number, alternatives: number): TokenLogprob {
  const random = createRandom(hashText(token, seed));
  let left = 1;
  const draw = () => {
    const share = left * (0.5 + random() * 0.4);
    left -= share;
    return Math.log(share);
  };
  const logprob = draw();
  const others = Array.from({ length: Math.max(0, alternatives - 1) }, (_, index) =>
    entry(`${token}${'~'.repeat(index + 1)}`, draw()),
  );
  return { ...entry(token, logprob), top_logprobs: alternatives > 0 ? [entry(token, logprob), ...others] : [] };
}

const entry = (token: string, logprob: number) => ({ token, logprob, bytes: [...Buffer.from(token)] });
