import type { FakeModel } from '../models.ts';
import { jsonReply, Refusal, type Reply } from '../reply.ts';

/** `GET /v1/models`, as vLLM answers it: no capabilities, but the context length. */
export function listModels(models: readonly FakeModel[]): Reply {
  return jsonReply({ object: 'list', data: models.map(entry) });
}

const entry = (model: FakeModel) => ({
  id: model.name,
  object: 'model',
  created: 1_742_509_938,
  owned_by: 'fake',
  max_model_len: model.contextLength,
});

/** The model of that name, with or without Ollama's `:latest`; throws a 404. */
export function findModel(models: readonly FakeModel[], name: unknown): FakeModel {
  const found = models.find((model) => model.name === name || `${model.name}:latest` === name);
  if (!found)
    throw new Refusal(404, `The model '${String(name)}' does not exist`, { code: 'model_not_found', param: 'model' });
  return found;
}
