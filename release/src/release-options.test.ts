import { expect, it } from 'vitest';
import { readReleaseOptions, releaseHelp } from './release-options.ts';

it('keeps nothing unless it is asked to', () => {
  expect(readReleaseOptions([])).toEqual({ keep: false, tarballs: undefined });
  expect(readReleaseOptions(['--', '--keep', '--tarballs', 'out'])).toEqual({ keep: true, tarballs: 'out' });
});

it('has help, which names every option', () => {
  expect(readReleaseOptions(['-h'])).toBe('help');
  for (const option of ['--keep', '--tarballs', '--help']) expect(releaseHelp).toContain(option);
});

it('names an option that there is not', () => {
  expect(() => readReleaseOptions(['--publish'])).toThrow("Unknown option '--publish'");
  expect(() => readReleaseOptions(['out'])).toThrow("Unexpected argument 'out'");
});
