import { createHash } from 'node:crypto';

/** `git:…`, the name git gives to a file with this content. */
export function gitDigest(content: Buffer): string {
  return `git:${createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')}`;
}
