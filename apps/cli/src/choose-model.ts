import type { Model } from '@anura/client';
import { Failure } from './failure.ts';

/** The model to use when none was named: one that is loaded before one that is not, and tadpole, the toy, last. */
export function chooseModel(models: readonly Model[], modality: Model['modality']): Model {
  const [best] = models.filter((model) => model.modality === modality).sort((a, b) => reluctance(a) - reluctance(b));
  if (best) return best;
  throw new Failure(
    `The server offers no ${modality} model. \`anura models\` lists what it has, \`anura pull\` gets one.`,
  );
}

function reluctance({ id, state }: Model): number {
  return (id.startsWith('tadpole') ? 2 : 0) + (state === 'loaded' ? 0 : 1);
}
