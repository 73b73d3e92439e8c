import { describe, expect, it } from 'vitest';
import type { Change } from './change.ts';
import { describeFinding, findingsOf } from './findings.ts';

const contracts = { base: {}, revision: {} };
const change: Change = {
  path: '#/paths/~1pond/get/security/0',
  typeName: 'SecurityRequirement',
  kind: 'added',
  verdicts: [{ ruleId: 'security-requirement-changed', message: 'Authentication became required.' }],
};

describe('findingsOf', () => {
  it('tells what reads the same only once', () => {
    const again = { ...change, path: '#/paths/~1pond/get/security/1' };
    const elsewhere = { ...change, path: '#/paths/~1pond/post/security/0' };
    expect(findingsOf([change, again, elsewhere], contracts).map(({ operation }) => operation)).toEqual([
      'GET /pond',
      'POST /pond',
    ]);
  });

  it('has a reason for a rule that Redocly has yet to invent', () => {
    const [finding] = findingsOf([{ ...change, verdicts: [{ ruleId: 'new', message: 'Now green.' }] }], contracts);
    expect(finding).toMatchObject({ level: 'breaking', why: 'Clients rely on it.' });
    expect(finding && describeFinding(finding)).toBe('GET /pond: Now green. Clients rely on it.');
  });
});
