import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import { temporaryFolder, writeTinyModel } from './__fixtures__/tiny-model.ts';
import { planDrawing } from './drawing.ts';
import { readModel } from './read-model.ts';

await using folder = await temporaryFolder();
const model = await readModel('tiny', await writeTinyModel(folder.path));

describe('a request to draw', () => {
  it('gets the model’s defaults for what it leaves out, and a seed by lot', () => {
    expect(planDrawing({ prompt: 'a frog' }, model, () => 42)).toEqual({
      prompt: 'a frog',
      negativePrompt: '',
      seed: 42,
      steps: 25,
      guidance: 7.5,
      width: 64,
      height: 64,
    });
  });

  it('keeps what it says', () => {
    const request = { prompt: 'x', negative_prompt: 'y', seed: 0, steps: 1, guidance: 0, width: 1024, height: 65 };
    const { negative_prompt: negativePrompt, ...same } = request;
    expect(planDrawing(request, model)).toEqual({ ...same, negativePrompt });
  });

  it('may have a prompt of 1000 characters, an emoji counting as one', () => {
    expect(planDrawing({ prompt: '🐸'.repeat(1000) }, model).prompt).toHaveLength(2000);
  });

  it.each([
    ['prompt', { prompt: '' }],
    ['prompt', { prompt: ' \n' }],
    ['prompt', { prompt: 'x'.repeat(1001) }],
    ['negative_prompt', { negative_prompt: 'x'.repeat(1001) }],
    ['width', { width: 7, height: 7 }],
    ['width', { width: 9000, height: 9000 }],
    ['height', { height: 64.5 }],
    ['height', { height: Number.NaN }],
    ['steps', { steps: 0 }],
    ['steps', { steps: 10_000 }],
    ['steps', { steps: 1.5 }],
    ['seed', { seed: -1 }],
    ['seed', { seed: 2 ** 32 }],
    ['guidance', { guidance: 31 }],
    ['guidance', { guidance: Number.NaN }],
  ])('is refused naming `%s` for %j', (param, wrong) => {
    const error = thrown(() => planDrawing({ prompt: 'a frog', ...wrong }, model));
    expect(error).toMatchObject({ code: 'invalid-request', data: { param } });
    expect(error.message).toContain(`\`${param}\``);
  });
});

function thrown(work: () => unknown): GatewayError {
  try {
    work();
  } catch (error) {
    if (GatewayError.is(error)) return error;
  }
  throw new Error('nothing was refused');
}
