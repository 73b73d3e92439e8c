import type { ChatCompletionRequest } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';

/** How tokens are drawn, all defaults applied. */
export interface Sampling {
  readonly temperature: number;
  readonly topP: number;
  /** 0 means no limit. */
  readonly topK: number;
  readonly minP: number;
  readonly seed: number | undefined;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  readonly repeatPenalty: number;
  /** How many generated tokens `repeatPenalty` looks back on. */
  readonly repeatLastTokens: number;
  readonly logitBias: ReadonlyMap<number, number>;
  readonly stop: readonly string[];
  /** Undefined: as many as fit the context. */
  readonly maxTokens: number | undefined;
  readonly choices: number;
  /** Alternatives to list at each token; undefined when no log probabilities are wanted. */
  readonly topLogprobs: number | undefined;
}

const defaultTopK = 40;
const defaultRepeatLastTokens = 64;

/**
 * Reads the sampling fields of a request. Old clients' `options` fill what the top level leaves out.
 *
 * `top_k` is 40 where nobody says otherwise, as in Ollama and llama.cpp; with log probabilities it is unlimited, because
 * they must cover all tokens. `defaultTemperature` is the model's own.
 */
export function readSampling(request: ChatCompletionRequest, defaultTemperature = 1): Sampling {
  const options = request.options ?? {};
  const topLogprobs = request.logprobs === true ? (request.top_logprobs ?? 0) : undefined;
  return {
    temperature: request.temperature ?? options.temperature ?? defaultTemperature,
    topP: request.top_p ?? options.top_p ?? 1,
    topK: Math.max(0, request.top_k ?? options.top_k ?? (topLogprobs === undefined ? defaultTopK : 0)),
    minP: request.min_p ?? options.min_p ?? 0,
    seed: request.seed ?? options.seed ?? undefined,
    frequencyPenalty: request.frequency_penalty ?? options.frequency_penalty ?? 0,
    presencePenalty: request.presence_penalty ?? options.presence_penalty ?? 0,
    repeatPenalty: request.repeat_penalty ?? options.repeat_penalty ?? 1,
    repeatLastTokens: request.repeat_last_n ?? options.repeat_last_n ?? defaultRepeatLastTokens,
    logitBias: readLogitBias(request.logit_bias ?? {}),
    stop: readStop(request.stop ?? options.stop),
    maxTokens: readMaxTokens(request),
    choices: request.n ?? 1,
    topLogprobs,
  };
}

function readMaxTokens(request: ChatCompletionRequest): number | undefined {
  const asked = request.max_completion_tokens ?? request.max_tokens ?? request.options?.num_predict ?? undefined;
  return asked === undefined || asked < 0 ? undefined : asked;
}

function readStop(stop: string | readonly string[] | null | undefined): readonly string[] {
  const texts = typeof stop === 'string' ? [stop] : (stop ?? []);
  return texts.filter((text) => text !== '');
}

function readLogitBias(biases: Readonly<Record<string, number>>): ReadonlyMap<number, number> {
  return new Map(
    Object.entries(biases).map(([key, bias]) => {
      if (/^\d+$/.test(key)) return [Number(key), bias];
      throw new GatewayError('invalid-request', `logit_bias takes token ids; ${JSON.stringify(key)} is none.`, {
        param: `logit_bias.${key}`,
      });
    }),
  );
}
