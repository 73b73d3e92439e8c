import { describe, expect, it } from 'vitest';
import { missingParts } from './missing-parts.ts';

const graph = {
  1: { class_type: 'Load', inputs: { file: 'frog.safetensors', dtype: 'default' } },
  2: { class_type: 'Say', inputs: { text: '{{prompt}}', model: ['1', 0] } },
};

const say = { input: { required: { text: ['STRING'], model: ['MODEL'] } } };
const load = (files: readonly string[]) => ({
  input: { required: { file: [files] }, optional: { dtype: [['default']] } },
});

describe('what a server lacks for a workflow', () => {
  it('is nothing when classes and files are there', () => {
    expect(
      missingParts(
        { graph },
        new Map<string, unknown>([
          ['Load', load(['frog.safetensors'])],
          ['Say', say],
        ]),
      ),
    ).toEqual([]);
  });

  it.each([
    ['a class', [['Say', say]], ['node Load is not installed']],
    [
      'a file',
      [
        ['Load', load(['toad.safetensors'])],
        ['Say', say],
      ],
      ['Load does not have the file "frog.safetensors"'],
    ],
    [
      'a file, told the newer way',
      [
        ['Load', { input: { required: { file: ['COMBO', { options: [] }] } } }],
        ['Say', say],
      ],
      ['Load does not have the file "frog.safetensors"'],
    ],
    [
      'an input the workflow does not give',
      [
        ['Load', load(['frog.safetensors'])],
        ['Say', { input: { required: { ...say.input.required, voice: ['STRING'] } } }],
      ],
      ['node Say needs the input voice, which the workflow does not give'],
    ],
  ] as const)('is %s', (_what, classes, reasons) => {
    expect(missingParts({ graph }, new Map<string, unknown>(classes))).toEqual(reasons);
  });

  it('does not stumble over answers of another shape', () => {
    expect(
      missingParts(
        { graph },
        new Map<string, unknown>([
          ['Load', { input: 7 }],
          ['Say', []],
        ]),
      ),
    ).toEqual([]);
  });
});
