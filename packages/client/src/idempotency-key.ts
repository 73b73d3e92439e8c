import { hasHeader } from './has-header.js';

/**
 * The paths whose POST makes a job and answers with its id. Not those that wait for what the job makes: hanging up cancels that
 * job, unless it has a key. A test holds them against the contract.
 */
export const creatingPaths = ['/audio/create-job', '/video/create-job', '/videos'] as const;

/** A new key of 128 random bits. Not `crypto.randomUUID`, which browsers keep from pages that came without https. */
function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The header for a call that creates a job, unless it has one: sent twice it then makes nothing twice. */
export function idempotencyHeader(url: string, headers: Readonly<Record<string, string>>): Record<string, string> {
  const creates = creatingPaths.some((path) => url.endsWith(path));
  return creates && !hasHeader(headers, 'idempotency-key') ? { 'Idempotency-Key': newIdempotencyKey() } : {};
}
