import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base58 } from './base58.ts';
import { canonicalJson, type JsonValue } from './canonical-json.ts';
import { contentId, isJobId, jobId } from './job-id.ts';
import { openJob } from './job-record.ts';

it('gives the check value of the wire document for the two bytes 08 01', () => {
  expect(contentId(Uint8Array.of(0x08, 0x01))).toBe('QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn');
});

it.each([0, 1, 127, 128, 300, 16_383, 16_384, 100_000])(
  'puts the length of %d bytes before them as a varint',
  (length) => {
    const content = new Uint8Array(length).fill(7);
    const varint: number[] = [];
    for (let rest = length; ; rest >>>= 7) {
      if (rest < 0x80) {
        varint.push(rest);
        break;
      }
      varint.push((rest & 0x7f) | 0x80);
    }
    const digest = createHash('sha256')
      .update(Uint8Array.of(0x0a, ...varint))
      .update(content)
      .digest();
    expect(contentId(content)).toBe(base58(Uint8Array.of(0x12, 0x20, ...digest)));
  },
);

it('names an offer by its canonical JSON with the id empty', () => {
  const json = '{"a":"\\u003c\\u003e\\u0026","id":"","z":[1,{"b":null,"c":true}]}';
  const offer = { z: [1, { c: true, b: null }], id: 'anything', a: '<>&' };
  expect(jobId(offer)).toBe(contentId(new TextEncoder().encode(json)));
});

it('gives equal requests of the same moment different ids', () => {
  const request = { kind: 'chat', model: 'tadpole', keyId: 'key_1' } as const;
  const ids = Array.from({ length: 1000 }, () => openJob(request, 1_742_509_938_000).id);
  expect(new Set(ids).size).toBe(1000);
  expect(ids.every(isJobId)).toBe(true);
});

it.each([
  '',
  'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3N',
  'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nnn',
  'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3N0',
  'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn\n',
  '../../../../../../../../../../../../etc/passwd',
])('does not take %j for a job id', (text) => {
  expect(isJobId(text)).toBe(false);
});

it('writes canonical JSON that reads back as the same value and does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value as JsonValue);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text).not.toMatch(/[<>&]/);
      expect(canonicalJson(reversed(value as JsonValue))).toBe(text);
    }),
  );
});

it('writes numbers in base 58 with a 1 for each leading zero byte', () => {
  expect(base58(Uint8Array.of())).toBe('');
  expect(base58(Uint8Array.of(0, 0))).toBe('11');
  expect(base58(Uint8Array.of(0, 57, 0))).toBe('15Lb');
  expect(base58(new TextEncoder().encode('Hello World!'))).toBe('2NEpo7TZRRrLZSi2U');
});

function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
