import type { ResourceOffer } from '../catalog/resource-offer.ts';
import type { JobOffer } from './job-offer.ts';

/**
 * Why this offer could never run this job, in a few words (`no tools`, `context 1024 < 3000 needed`); undefined when it
 * could. Only what does not change from one moment to the next: load and health are the plan's business.
 */
export function whyNot(job: JobOffer, offer: ResourceOffer): string | undefined {
  if (offer.model !== job.model) return `another model: ${offer.model}`;
  if (offer.modality !== job.modality) return `makes ${offer.modality}, not ${job.modality}`;
  for (const capability of job.needs.capabilities) {
    if (!offer.capabilities.includes(capability)) return `no ${capability}`;
  }
  const { contextTokens } = job.needs;
  if (contextTokens !== undefined && offer.contextLength !== undefined && offer.contextLength < contextTokens) {
    return `context ${offer.contextLength} < ${contextTokens} needed`;
  }
  if (offer.slots < 1) return 'no slots';
  return undefined;
}
