import { describe, expect, it } from 'vitest';
import { ProgressMeter } from './progress-meter.ts';
import { secondId } from './second-id.ts';

const node = { class_type: 'A', inputs: {} };
const meter = () => new ProgressMeter({ graph: { load: node, draw: node, save: node }, samplers: new Set(['draw']) });
const event = (type: string, data: object) => ({ type, data: { ...data } });

describe('progress through a workflow', () => {
  it('rises with every step, most of it in the sampler, and stays below 1', () => {
    const parts = meter();
    expect(parts.hear(event('execution_start', {}))).toBeUndefined();
    expect(parts.hear(event('executing', { node: 'load' }))).toBeUndefined();
    expect(parts.hear(event('executing', { node: 'draw' }))).toBeCloseTo(1 / 22);
    expect(parts.hear(event('progress', { node: 'draw', value: 1, max: 2 }))).toBeCloseTo(11 / 22);
    expect(parts.hear(event('executing', { node: 'save' }))).toBeCloseTo(21 / 22);
    expect(parts.hear(event('executed', { node: 'save' }))).toBe(0.99);
    expect(parts.hear(event('executing', { node: null }))).toBeUndefined();
  });

  it('counts what was cached as done', () => {
    expect(meter().hear(event('execution_cached', { nodes: ['load', 'draw'] }))).toBeCloseTo(21 / 22);
  });

  it('does not fall when the work starts over', () => {
    const parts = meter();
    parts.hear(event('executing', { node: 'draw' }));
    const reached = parts.hear(event('progress', { node: 'draw', value: 1, max: 2 }));
    parts.hear(event('execution_start', {}));
    expect(parts.hear(event('executing', { node: 'load' }))).toBeUndefined();
    expect(parts.part).toBe(reached);
  });

  it('is not led astray by odd events', () => {
    const parts = meter();
    for (const data of [
      {},
      { node: 'draw' },
      { node: 'x', value: 'a', max: 0 },
      { value: 5, max: 0 },
      { nodes: [1, null] },
    ])
      for (const type of ['progress', 'executing', 'executed', 'execution_cached']) parts.hear(event(type, data));
    expect(parts.part).toBeLessThan(1);
  });
});

describe('the id of the second try', () => {
  it('is the same in every process, and a UUID', () => {
    expect(secondId('a')).toBe(secondId('a'));
    expect(secondId('a')).not.toBe(secondId('b'));
    expect(secondId('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
