import { createHash } from 'node:crypto';
import type { Capability } from '@anura/openapi';
import type { FakeModel } from '../models.ts';
import { jsonReply, type Reply } from '../reply.ts';

/** `GET /api/version` */
export const ollamaVersion = (): Reply => jsonReply({ version: '0.12.3' });

/** `GET /api/tags`: what is on disk. */
export const ollamaTags = (models: readonly FakeModel[]): Reply => jsonReply({ models: models.map(tag) });

/** `GET /api/ps`: what is in memory. */
export function ollamaRunning(models: readonly FakeModel[]): Reply {
  const loaded = models.filter((model) => model.loaded);
  return jsonReply({
    models: loaded.map((model) => ({ ...tag(model), size_vram: model.sizeBytes, context_length: model.contextLength })),
  });
}

const ollamaWords: Record<Capability, string | undefined> = {
  tools: 'tools',
  vision: 'vision',
  reasoning: 'thinking',
  json_schema: undefined,
};

/** `POST /api/show` */
export function ollamaShow(model: FakeModel): Reply {
  const kind = model.modality === 'chat' ? 'completion' : model.modality;
  const capabilities = [kind, ...model.capabilities.flatMap((capability) => ollamaWords[capability] ?? [])];
  return jsonReply({
    details: details(model),
    capabilities,
    model_info: {
      'general.architecture': model.family,
      [`${model.family}.context_length`]: model.contextLength,
      [`${model.family}.embedding_length`]: model.dimensions,
    },
  });
}

const details = ({ family }: FakeModel) => ({
  format: 'gguf',
  family,
  families: [family],
  parameter_size: '8.0B',
  quantization_level: 'Q4_K_M',
});

const tag = (model: FakeModel) => ({
  name: model.name.includes(':') ? model.name : `${model.name}:latest`,
  model: model.name.includes(':') ? model.name : `${model.name}:latest`,
  modified_at: '2025-03-20T12:30:00Z',
  size: model.sizeBytes,
  digest: createHash('sha256').update(JSON.stringify(model)).digest('hex'),
  details: details(model),
});
