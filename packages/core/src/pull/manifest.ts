import { z } from 'zod';
import { GatewayError } from '../errors/gateway-error.ts';

/** The media types under which manifests are offered; anything else (an index of platforms, HTML) is refused. */
export const manifestMediaTypes = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
] as const;

const maxLayers = 256;
/** A GGUF header alone. */
const minWeightsBytes = 24;
const maxTextBytes = 1_048_576;

const layerSchema = z.object({
  mediaType: z.string().max(200),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z
    .int()
    .min(0)
    .max(2 ** 43),
});

const manifestSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.enum(manifestMediaTypes).optional(),
  config: layerSchema.optional(),
  layers: z.array(layerSchema).max(maxLayers),
});

/** One blob of a model: what it is, its SHA-256 and its size in bytes. */
export type Layer = z.infer<typeof layerSchema>;

/** What a registry says a model is made of. */
export interface ModelManifest {
  /** The GGUF file. */
  readonly weights: Layer;
  /** Files that belong beside the weights. */
  readonly companions: readonly { readonly role: 'projector' | 'adapter'; readonly layer: Layer }[];
  /** Small texts, at most 1 MiB together. */
  readonly texts: readonly { readonly role: 'template' | 'system' | 'params' | 'license'; readonly layer: Layer }[];
  /** Architecture, size class and quantization, as JSON. */
  readonly config?: Layer;
}

const layerKind = 'application/vnd.ollama.image.';

/**
 * Reads a manifest and sorts its layers. Media types it does not know are left alone, as Ollama does.
 *
 * @throws GatewayError `engine-failed` when it is not a manifest, `not-found` when it holds no GGUF model.
 */
export function readManifest(json: string, name: string): ModelManifest {
  const layers = parseManifest(json, name);
  const byRole = (role: string) => layers.layers.filter((layer) => layer.mediaType === layerKind + role);
  const [weights, ...others] = byRole('model');
  if (!weights) throw noWeights(name);
  if (others.length > 0) {
    throw new GatewayError(
      'not-found',
      `${name} is split over ${others.length + 1} files, which Anura cannot load. Try another tag.`,
    );
  }
  const companions = (['projector', 'adapter'] as const).flatMap((role) =>
    byRole(role).map((layer) => ({ role, layer })),
  );
  const texts = (['template', 'system', 'params', 'license'] as const).flatMap((role) =>
    byRole(role).map((layer) => ({ role, layer })),
  );
  const files = [weights, ...companions.map(({ layer }) => layer)];
  if (weights.size < minWeightsBytes) throw broken(name, 'its weights are too small to be a model');
  if (new Set(files.map(({ digest }) => digest)).size < files.length)
    throw broken(name, 'two of its files are the same');
  const small = [...texts.map(({ layer }) => layer), ...(layers.config ? [layers.config] : [])];
  if (small.reduce((sum, layer) => sum + layer.size, 0) > maxTextBytes)
    throw broken(name, 'its texts are larger than 1 MiB');
  return { weights, companions, texts, ...(layers.config ? { config: layers.config } : {}) };
}

function parseManifest(json: string, name: string): z.infer<typeof manifestSchema> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw broken(name, 'it is not JSON', error);
  }
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw broken(name, `${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'invalid'}`, result.error);
}

function noWeights(name: string): GatewayError {
  const reason = 'It may run only in its publisher’s cloud, or be published in another format';
  return new GatewayError('not-found', `${name} has no GGUF weights to download. ${reason}: try another tag.`);
}

function broken(name: string, reason: string, cause?: unknown): GatewayError {
  return new GatewayError('engine-failed', `The registry’s manifest of ${name} cannot be used: ${reason}.`, { cause });
}
