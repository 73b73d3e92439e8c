import { createHash } from 'node:crypto';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { PageFetcher } from '../documents/page-fetcher.ts';
import { readDocument } from '../documents/read-document.ts';
import type { Candidate } from './add-documents.ts';

/** The pages of a list, one after the other. A page counts as changed when its bytes do, which only fetching it tells. */
export async function* pageCandidates(
  urls: readonly URL[],
  fetcher: PageFetcher,
  signal: AbortSignal,
): AsyncGenerator<Candidate> {
  for (const url of urls) yield { name: url.href, stamp: undefined, read: () => read(url, fetcher, signal) };
}

async function read(url: URL, fetcher: PageFetcher, signal: AbortSignal): ReturnType<Candidate['read']> {
  try {
    const { bytes, kind, charset } = await fetcher.fetch(url, signal);
    const document = readDocument(bytes, kind, url.href, charset);
    const stamp = createHash('sha256').update(bytes).digest('base64');
    return document ? { ...document, url: url.href, stamp } : { reason: 'The page holds no text.', keep: false };
  } catch (error) {
    // One page that cannot be had is no reason to leave out the others; a caller who stopped is.
    if (signal.aborted || !GatewayError.is(error)) throw error;
    return { reason: error.message, keep: true };
  }
}
