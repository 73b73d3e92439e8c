import type {
  LlamaGrammarEvaluationState,
  LlamaModel,
  SequenceEvaluateOptions,
  Token,
  TokenBias,
} from '@anura/node-llama-cpp';
import type { LlamaModule } from '../runtime/llama-runtime.ts';
import type { Sampling } from './sampling.ts';

/** Penalties compare at most so many generated tokens, to bound their cost per token. */
const longestPenalizedHistory = 2048;
const never = -100;

interface DynamicOptions {
  readonly seed: number;
  /** The tokens of this answer so far. */
  readonly generated: readonly Token[];
  /** The grammar in force at the next token. */
  grammar(): LlamaGrammarEvaluationState | undefined;
}

/** Sampling in node-llama-cpp's words. */
export function toEvaluateOptions(
  sampling: Sampling,
  dynamic: DynamicOptions,
  model: LlamaModel,
  module: LlamaModule,
): SequenceEvaluateOptions {
  const { temperature, topP, topK, minP } = sampling;
  const options: SequenceEvaluateOptions = {
    temperature,
    topP,
    topK,
    minP,
    seed: toUint32(dynamic.seed),
    yieldEogToken: true,
    grammarEvaluationState: () => dynamic.grammar(),
  };
  const repeatPenalty = penalties(sampling, dynamic.generated);
  if (repeatPenalty !== undefined) options.repeatPenalty = repeatPenalty;
  if (sampling.logitBias.size > 0) options.tokenBias = tokenBias(sampling, model, module);
  return options;
}

/** The native sampler takes 32 bits; other seeds are folded into them. */
function toUint32(seed: number): number {
  return Number(BigInt.asUintN(32, BigInt(Math.trunc(seed))));
}

/** Penalties count generated tokens only, as OpenAI's and vLLM's do; the prompt is not held against the answer. */
function penalties(sampling: Sampling, generated: readonly Token[]): SequenceEvaluateOptions['repeatPenalty'] {
  const { frequencyPenalty, presencePenalty, repeatPenalty, repeatLastTokens } = sampling;
  const counts = frequencyPenalty !== 0 || presencePenalty !== 0;
  if (!counts && repeatPenalty === 1) return undefined;
  const length = counts || repeatLastTokens < 0 ? longestPenalizedHistory : repeatLastTokens;
  return {
    punishTokens: () => (length === 0 ? [] : generated.slice(-length)),
    maxPunishTokens: length,
    penalty: repeatPenalty,
    frequencyPenalty,
    presencePenalty,
  };
}

/** `TokenBias` passes over the tokens that end a turn, so they are put into its list directly. */
function tokenBias({ logitBias }: Sampling, model: LlamaModel, { TokenBias }: LlamaModule): TokenBias {
  const bias = TokenBias.for(model);
  const biases: unknown = Reflect.get(bias, '_biases');
  for (const [token, value] of logitBias) {
    const logit = value <= never ? Number.NEGATIVE_INFINITY : value;
    if (biases instanceof Map) biases.set(token, logit);
    else bias.set(token as Token, logit === value ? { logit } : 'never');
  }
  return bias;
}
