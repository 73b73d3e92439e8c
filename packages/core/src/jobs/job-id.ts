import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base58 } from './base58.ts';
import { canonicalJson, type JsonValue } from './canonical-json.ts';

const jobIdPattern = /^Qm[1-9A-HJ-NP-Za-km-z]{44}$/;

/** The id of a job offer: the CIDv0 of its canonical JSON with `id` empty, e.g. `QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn`. */
export function jobId(offer: { readonly [field: string]: JsonValue }): string {
  return contentId(utf8ToBytes(canonicalJson({ ...offer, id: '' })));
}

/** Whether a text has the form of a job id. Says nothing about whether such a job exists. */
export function isJobId(text: string): boolean {
  return jobIdPattern.test(text);
}

/** CIDv0: base58btc(0x12 0x20 ‖ sha256(0x0A ‖ varint(length) ‖ content)). */
export function contentId(content: Uint8Array): string {
  const hash = sha256(concatBytes(Uint8Array.of(0x0a, ...varint(content.length)), content));
  return base58(concatBytes(Uint8Array.of(0x12, 0x20), hash));
}

/** Seven bits a byte, lowest first; the high bit says that another byte follows. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...varint(Math.floor(value / 0x80))];
}
