export { listModels } from './list-models.ts';
export type { ModelDetails, ResourceOffer } from './resource-offer.ts';
