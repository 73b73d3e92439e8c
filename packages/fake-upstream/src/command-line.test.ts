import { describe, expect, it } from 'vitest';
import { readOptions } from './command-line.ts';
import { faultNames } from './faults/fault.ts';
import { helpText } from './help-text.ts';
import { fakeModel } from './models.ts';

describe('the command line', () => {
  it('reads every option', () => {
    const args =
      '--port 0 --slots 2 --tokens-per-second 40 --fault status=500:0.1 --fault hang --no-ollama --api-key k'.split(
        ' ',
      );
    expect(readOptions(args)).toEqual({
      port: 0,
      slots: 2,
      tokensPerSecond: 40,
      apiKey: 'k',
      ollama: false,
      faults: [
        { faults: { status: 500 }, probability: 0.1 },
        { faults: { hang: true }, probability: 1 },
      ],
    });
  });

  it('reads models with their settings', () => {
    expect(readOptions(['--model', 'tiny,context=64,capabilities=tools+vision'])).toMatchObject({
      models: [fakeModel({ name: 'tiny', contextLength: 64, capabilities: ['tools', 'vision'] })],
    });
  });

  it.each([
    [['--fault', 'explode'], /There is no fault "explode"/],
    [['--slots', 'many'], /--slots: expected a number/],
    [['--model', 'tiny,colour=red'], /colour=red/],
    [['--what'], /--what/],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });

  it('explains every fault in its help', () => {
    for (const name of faultNames) expect(helpText).toContain(name);
  });
});
