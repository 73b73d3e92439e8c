import type { EngineCall } from '../../engine-call.ts';
import { createMemoryBudget } from '../../memory-budget.ts';
import { createDiffusionProvider, type DiffusionOptions, type DiffusionProvider } from '../diffusion-provider.ts';

/** A provider with one thread and room for all, closed when it goes out of scope. */
export async function openProvider(
  folders: readonly string[],
  options: Partial<DiffusionOptions> = {},
): Promise<DiffusionProvider & AsyncDisposable> {
  const memory = createMemoryBudget({ limitBytes: 1e9 });
  const provider = await createDiffusionProvider({ folders, memory, threads: 1, ...options });
  return { ...provider, [Symbol.asyncDispose]: () => provider.close() };
}

/** The circumstances of a call for one of the provider's models. */
export function callFor(provider: DiffusionProvider, model: string): EngineCall {
  const offer = provider.offers().find((candidate) => candidate.model === model);
  if (!offer) throw new Error(`${model} is not offered`);
  return { offer, signal: new AbortController().signal, jobOfferId: 'Qm' };
}
