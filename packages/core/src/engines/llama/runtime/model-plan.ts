import { GatewayError } from '../../../errors/gateway-error.ts';
import type { ModelFile } from '../library/model-file.ts';

/** How a model will be loaded. */
export interface ModelPlan {
  /** Requests it works on at the same time. */
  readonly slots: number;
  /** Native contexts the slots are spread over, each evaluated by threads of its own. */
  readonly lanes: number;
  /** Threads of each lane. */
  readonly threads: number;
  /** Tokens of prompt and answer together, per slot. */
  readonly contextLength: number;
  /** Estimate of weights and caches in memory. */
  readonly sizeBytes: number;
}

export interface PlanLimits {
  /** Slots of a small model; larger ones get fewer. */
  readonly slots: number;
  /** No slot gets a longer context, whatever the model was trained for. Tokens. */
  readonly contextCap: number;
  /** Threads to split one evaluation over. */
  readonly threads: number;
  /** Lanes of a tiny model at most. */
  readonly lanes: number;
  /** Memory for all loaded models together. */
  readonly budgetBytes: number;
}

const smallWeightsBytes = 2 ** 30;
const mediumWeightsBytes = 6 * 2 ** 30;
/** Below this, splitting one evaluation over threads costs more than it gains. */
const singleThreadWeightsBytes = 128 * 2 ** 20;
const shortestUsefulContext = 2048;
const largestCacheShare = 0.5;

/**
 * Slots and context that fit the budget: fewer slots first, then a shorter context.
 *
 * A tiny model is evaluated by one thread per lane, in several lanes. ggml's threads wait for each other by spinning, so a
 * second thread on a busy machine made the bundled model 10 to 20 times slower (1,400 against 70 tokens/s). Lanes do not
 * wait for each other: two of them doubled the total at 4 and 8 chats.
 *
 * Throws `GatewayError('no-capacity')` for a model that could never fit.
 */
export function planModel(file: ModelFile, limits: PlanLimits): ModelPlan {
  if (file.modality === 'embedding') return planEmbedding(file, limits);
  let slots = wantedSlots(file, limits);
  let contextLength = Math.min(file.trainedContextLength, limits.contextCap);
  const shortest = Math.min(contextLength, shortestUsefulContext);
  const size = () => file.sizeBytes + slots * contextLength * file.cacheBytesPerToken;
  const fits = () => size() <= limits.budgetBytes;
  const cacheIsLarge = () => slots * contextLength * file.cacheBytesPerToken > limits.budgetBytes * largestCacheShare;
  while (slots > 1 && (!fits() || cacheIsLarge())) slots = Math.floor(slots / 2);
  while (contextLength > shortest && !fits()) contextLength = Math.max(shortest, Math.floor(contextLength / 2));
  if (!fits()) throw tooLarge(file, size(), limits);
  return { slots, contextLength, sizeBytes: size(), ...planThreads(file, slots, limits) };
}

function planEmbedding(file: ModelFile, limits: PlanLimits): ModelPlan {
  const contextLength = Math.min(file.trainedContextLength, limits.contextCap);
  const sizeBytes = file.sizeBytes + contextLength * file.cacheBytesPerToken;
  if (sizeBytes > limits.budgetBytes) throw tooLarge(file, sizeBytes, limits);
  return { slots: limits.slots, contextLength, sizeBytes, ...planThreads(file, 1, limits) };
}

function wantedSlots(file: ModelFile, { slots }: PlanLimits): number {
  if (file.sizeBytes <= smallWeightsBytes) return slots;
  return Math.max(1, Math.floor(slots / (file.sizeBytes <= mediumWeightsBytes ? 2 : 4)));
}

function planThreads(
  file: ModelFile,
  slots: number,
  { threads, lanes }: PlanLimits,
): { lanes: number; threads: number } {
  if (file.sizeBytes > singleThreadWeightsBytes) return { lanes: 1, threads };
  return { lanes: Math.max(1, Math.min(lanes, Math.ceil(slots / 2))), threads: 1 };
}

function tooLarge(file: ModelFile, sizeBytes: number, { budgetBytes }: PlanLimits): GatewayError {
  return new GatewayError(
    'no-capacity',
    `The model ${file.name} needs about ${gigabytes(sizeBytes)} of memory; the budget for models here is ${gigabytes(budgetBytes)}. Use a smaller quantization or raise the memory budget.`,
    { retry: 'elsewhere', param: 'model' },
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
