import type { Layer, ModelManifest } from './manifest.ts';
import { weightsSuffix } from './models-folder.ts';

/** One file of a model and where it goes in the models folder. */
export interface PlannedFile {
  readonly layer: Layer;
  readonly file: string;
}

interface PlannedCompanion extends PlannedFile {
  readonly role: 'projector' | 'adapter';
}

export interface ModelPlan {
  readonly weights: PlannedFile;
  readonly companions: readonly PlannedCompanion[];
}

/** Where the files of a model go. Companions do not end in `.gguf`, so that no engine offers them as models. */
export function planModel(stem: string, manifest: ModelManifest): ModelPlan {
  const companions = manifest.companions.map(({ role, layer }, index) => ({
    role,
    layer,
    file: `${stem}.${role}${index === 0 ? '' : `-${index + 1}`}`,
  }));
  return { weights: { layer: manifest.weights, file: stem + weightsSuffix }, companions };
}

/** Companions first: a model whose weights are in place is complete. */
export function filesOf(plan: ModelPlan): PlannedFile[] {
  return [...plan.companions, plan.weights];
}
