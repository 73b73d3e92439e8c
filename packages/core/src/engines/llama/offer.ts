import type { ModelDetails, ResourceOffer } from '../../catalog/resource-offer.ts';
import { ChatModel } from './chat/chat-model.ts';
import type { ModelFile } from './library/model-file.ts';
import type { Loadable, ModelManager } from './runtime/model-manager.ts';
import { type ModelPlan, type PlanLimits, planModel } from './runtime/model-plan.ts';

/** The offer of a model as it stands now. Undefined for a model that cannot fit the memory budget. */
export function describeOffer(
  file: ModelFile,
  provider: string,
  limits: PlanLimits,
  manager: Pick<ModelManager<Loadable>, 'stateOf' | 'peek' | 'loadMsOf'>,
): ResourceOffer | undefined {
  const plan = planOrUndefined(file, limits);
  if (plan === undefined) return undefined;
  const loadMs = manager.loadMsOf(file.name);
  return {
    id: `${provider}/${file.name}`,
    provider,
    engine: 'llama',
    model: file.name,
    modality: file.modality,
    capabilities: file.capabilities,
    contextLength: plan.contextLength,
    slots: plan.slots,
    state: manager.stateOf(file.name),
    sizeBytes: plan.sizeBytes,
    details: describeModel(file),
    ...(loadMs === undefined ? {} : { loadMs }),
    ...measuredSpeeds(manager.peek(file.name)),
  };
}

function planOrUndefined(file: ModelFile, limits: PlanLimits): ModelPlan | undefined {
  try {
    return planModel(file, limits);
  } catch {
    return undefined;
  }
}

function describeModel(file: ModelFile): ModelDetails {
  return {
    created: file.created,
    ...(file.ownedBy === undefined ? {} : { ownedBy: file.ownedBy }),
    ...(file.description === undefined ? {} : { description: file.description }),
    ...(file.modality === 'embedding' ? { dimensions: file.embeddingLength } : {}),
  };
}

type Speeds = Pick<ResourceOffer, 'prefillTokensPerSecond' | 'decodeTokensPerSecond'>;

function measuredSpeeds(model: Loadable | undefined): Speeds {
  if (!(model instanceof ChatModel)) return {};
  const { prefillTokensPerSecond, decodeTokensPerSecond } = model.speed;
  return {
    ...(prefillTokensPerSecond === undefined ? {} : { prefillTokensPerSecond }),
    ...(decodeTokensPerSecond === undefined ? {} : { decodeTokensPerSecond }),
  };
}
