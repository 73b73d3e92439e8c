import { GatewayError } from '@anura/core';
import type { Gateway } from '@anura/core/gateway';
import type { Modality } from '@anura/openapi';
import { envelope } from './envelope.ts';
import type { Handlers } from './operation.ts';

type ModelOperations = Pick<
  Handlers,
  'listModels' | 'getModel' | 'listImageModels' | 'listVideoModels' | 'listAudioModels'
>;

export function modelOperations({ gateway }: { gateway: Gateway }): ModelOperations {
  const names = (modality: Modality) =>
    envelope('Retrieved models successfully', {
      models: gateway
        .models()
        .filter((model) => model.modality === modality)
        .map((model) => model.id),
    });
  return {
    listModels: (_request, response) => response.json({ object: 'list', data: gateway.models() }),
    getModel({ params }, response) {
      const model = gateway.models().find(({ id }) => id === params.model);
      if (!model) throw unknownModel(params.model);
      response.json(model);
    },
    listImageModels: (_request, response) => response.json(names('image')),
    listVideoModels: (_request, response) => response.json(names('video')),
    listAudioModels: (_request, response) => response.json(names('speech')),
  };
}

const unknownModel = (model: string): GatewayError =>
  new GatewayError(
    'not-found',
    `No provider offers a model named ${JSON.stringify(model.slice(0, 100))}. GET /models lists all of them.`,
    {
      param: 'model',
      openaiCode: 'model_not_found',
    },
  );
