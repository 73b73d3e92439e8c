import { GatewayError } from '@anura/core';
import type { MediaKind, MediaRequest } from '@anura/core/jobs';
import type { Model } from '@anura/openapi';

const drawingAdvice =
  'put an ONNX export in diffusers’ layout into the models folder, connect a provider that has it, or let the name stand for another model with `aliases`';

/** What an operator can do about it. A toy never answers for a model of another name by itself. */
const advice: Record<MediaKind, string> = {
  image: drawingAdvice,
  video: drawingAdvice,
  speech: 'connect a provider that has it, or let the name stand for another model with `aliases`',
};

const article: Record<MediaKind, string> = { image: 'an image', video: 'a video', speech: 'a speech' };

/** Nobody offers the model: says which there are, and how to come by it. */
export function unknownMediaModel({ kind, request }: MediaRequest, models: readonly Model[]): GatewayError {
  const others = models.filter(({ modality }) => modality === kind).map(({ id }) => id);
  const named = JSON.stringify(request.model.slice(0, 100));
  const there = others.length === 0 ? '' : ` There is: ${others.slice(0, 8).join(', ')}.`;
  return new GatewayError(
    'not-found',
    `No provider offers ${article[kind]} model named ${named}.${there} To add it, the operator can ${advice[kind]}.`,
    { param: 'model', openaiCode: 'model_not_found' },
  );
}
