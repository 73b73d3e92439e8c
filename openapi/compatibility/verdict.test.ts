import { describe, expect, it } from 'vitest';
import type { Finding } from './findings.ts';
import { verdict } from './verdict.ts';

const finding: Finding = {
  level: 'breaking',
  rule: 'path-removed',
  operation: '/pond',
  place: '',
  message: 'Path `/pond` was removed.',
  why: 'Clients that call it get 404.',
};

describe('verdict', () => {
  it('asks for no changeset when nothing breaks clients', () => {
    expect(verdict([], { type: 'none' })).toMatchObject({ kept: true });
    expect(verdict([{ ...finding, level: 'surprising' }], { type: 'patch' })).toMatchObject({ kept: true });
  });

  it.each(['none', 'patch', 'minor'] as const)('is against a break when the next release is %s', (type) => {
    const { kept, lines } = verdict([finding], { type });
    expect(kept).toBe(false);
    expect(lines).toContain('  /pond: Path `/pond` was removed. Clients that call it get 404.');
    expect(lines.at(-1)).toContain('choose major for @anura/openapi');
  });

  it('lets a break pass that a major changeset announces, and still names it', () => {
    const { kept, lines } = verdict([finding, finding], { type: 'major', newVersion: '1.0.0' });
    expect(kept).toBe(true);
    expect(lines[0]).toBe('2 changes break clients of the released contract:');
    expect(lines.at(-1)).toBe('A major changeset announces it: 1.0.0.');
  });
});
