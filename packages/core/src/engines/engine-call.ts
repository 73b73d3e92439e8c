import type { ResourceOffer } from '../catalog/resource-offer.ts';

/** The circumstances of one call to an engine: which offer was taken and when to stop. */
export interface EngineCall {
  readonly offer: ResourceOffer;
  /** Aborted when the caller left or a deadline passed; `signal.reason` says which. */
  readonly signal: AbortSignal;
  /** The job offer's id, for logs and for engines that name their work upstream. */
  readonly jobOfferId: string;
}
