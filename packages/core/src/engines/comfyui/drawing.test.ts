import { describe, expect, it } from 'vitest';
import { planDrawing } from './drawing.ts';
import { readTemplate } from './template/read-template.ts';

const fixed = readTemplate('fixed.json', {
  anura: { defaults: { width: 320, height: 200, steps: 4 } },
  1: { class_type: 'Sample', inputs: { seed: '{{seed}}', text: '{{prompt}}' } },
  2: { class_type: 'SaveImage', inputs: { images: ['1', 0] } },
});

describe('planning a drawing for a workflow that leaves little open', () => {
  it('fills in what is fixed, and takes the same from the request', () => {
    const drawing = { negative_prompt: '', seed: 9, steps: 4, guidance: 7, width: 320, height: 200 };
    expect(planDrawing({ prompt: 'frog', width: 320, steps: 4, negative_prompt: '' }, fixed, () => 9)).toEqual({
      ...{ prompt: 'frog', ...drawing },
    });
  });

  it.each([
    ['negative_prompt', { negative_prompt: 'rain' }],
    ['steps', { steps: 5 }],
    ['guidance', { guidance: 1 }],
    ['width', { width: 321 }],
    ['height', { height: 64 }],
  ])('refuses another %s instead of dropping it', (param, wrong) => {
    expect(() => planDrawing({ prompt: 'frog', ...wrong }, fixed)).toThrow(
      expect.objectContaining({ data: { param } }),
    );
  });
});
