import { z } from 'zod';
import type { ModelManifest } from './manifest.ts';
import { formatModelName, modelNameAliases, type RegistryModelName } from './model-name.ts';
import type { ModelPlan } from './model-plan.ts';
import type { ModelSidecar } from './sidecar.ts';

/** The small blobs of a model, in the order of the manifest. */
export interface ModelTexts {
  readonly texts: readonly { readonly role: ModelManifest['texts'][number]['role']; readonly text: string }[];
  /** The config blob, JSON. */
  readonly config: string;
}

const configSchema = z.object({
  model_family: z.string().max(100).optional(),
  model_type: z.string().max(100).optional(),
  file_type: z.string().max(100).optional(),
});

const paramsSchema = z.record(z.string(), z.unknown());

/** Puts what the registry said into the words of the sidecar. Texts that make no sense are left out: the weights are what counts. */
export function describeModel(
  name: RegistryModelName,
  origin: URL,
  plan: ModelPlan,
  from: ModelTexts,
  pulledAt: Date,
): ModelSidecar {
  const textOf = (role: string) =>
    from.texts
      .filter((text) => text.role === role)
      .map(({ text }) => text)
      .join('\n');
  const config = parse(configSchema, from.config) ?? {};
  const params = parse(paramsSchema, textOf('params'));
  return {
    name: formatModelName(name),
    aliases: modelNameAliases(name),
    digest: plan.weights.layer.digest,
    size: plan.weights.layer.size,
    pulled_at: pulledAt.toISOString(),
    source: `${origin.host}/${name.namespace}/${name.model}:${name.tag}`,
    capabilities: capabilitiesOf(textOf('template'), plan),
    companions: plan.companions.map(({ role, layer, file }) => ({
      role,
      file,
      digest: layer.digest,
      size: layer.size,
    })),
    ...(config.model_family ? { family: config.model_family } : {}),
    ...(config.model_type ? { parameters: config.model_type } : {}),
    ...(config.file_type ? { quantization: config.file_type } : {}),
    ...present('template', textOf('template')),
    ...present('system', textOf('system')),
    ...(params ? { params } : {}),
    ...present('license', textOf('license')),
  };
}

/** By the same signs Ollama goes by. */
function capabilitiesOf(template: string, plan: ModelPlan): ModelSidecar['capabilities'] {
  const capabilities: ModelSidecar['capabilities'] = [];
  if (/\{\{[^}]*\.Tools\b/.test(template)) capabilities.push('tools');
  if (plan.companions.some(({ role }) => role === 'projector')) capabilities.push('vision');
  if (/\{\{[^}]*\.Thinking\b/.test(template)) capabilities.push('reasoning');
  return capabilities;
}

function present<Key extends string>(key: Key, text: string): { [key in Key]?: string } {
  return text.trim() === '' ? {} : ({ [key]: text } as { [key in Key]: string });
}

function parse<Output>(schema: z.ZodType<Output>, json: string): Output | undefined {
  try {
    return schema.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
