import { describe, expect, it } from 'vitest';
import { readHistory, readQueue } from './prompt-state.ts';
import { refusedGraph } from './refused-graph.ts';

const failed = (type: string, data: object) =>
  readHistory({ status: { status_str: 'error', messages: [[type, data]] } });

describe('ComfyUI’s words about a prompt', () => {
  it('are read from the history', () => {
    const images = [{ filename: 'a.png', subfolder: 'pond', type: 'output' }, { filename: 7 }];
    const state = readHistory({ status: { status_str: 'success' }, outputs: { 9: { images } } });
    expect(state.state === 'succeeded' && [state.filesOf('9'), state.filesOf('8')]).toEqual([[images[0]], []]);
  });

  it('tell an interrupt, a lack of memory and any other failure apart', () => {
    expect(failed('execution_interrupted', {})).toMatchObject({ failure: { kind: 'interrupted' } });
    const lack = {
      exception_type: 'torch.OutOfMemoryError',
      exception_message: 'Allocation on device',
      node_type: 'KSampler',
    };
    expect(failed('execution_error', lack)).toEqual({
      ...{ state: 'failed', failure: { kind: 'out-of-memory', words: 'KSampler: Allocation on device' } },
    });
    expect(failed('execution_error', { exception_message: 'bad' })).toMatchObject({
      failure: { kind: 'error', words: 'bad' },
    });
    expect(failed('other', {})).toMatchObject({ failure: { kind: 'error', words: '' } });
  });

  it('are read from the queue', () => {
    const queue = { queue_running: [[0, 'a', {}]], queue_pending: [[1, 'b', {}], 'odd'] };
    expect(['a', 'b', 'c'].map((id) => readQueue(queue, id)?.state)).toEqual(['running', 'waiting', undefined]);
    expect(readQueue({ queue_running: 7 }, 'a')).toBeUndefined();
  });

  it('name node and value of a graph it refused', () => {
    const errors = [{ message: 'Value not in list', details: "ckpt_name: 'x' not in []" }];
    const nodes = { 20: { class_type: 'CheckpointLoaderSimple', errors } };
    expect(refusedGraph({ error: { message: 'Prompt outputs failed validation' }, node_errors: nodes })).toBe(
      "node 20 (CheckpointLoaderSimple), Value not in list, ckpt_name: 'x' not in []",
    );
    expect(refusedGraph({ error: { message: 'Prompt has no outputs', details: '' }, node_errors: {} })).toBe(
      'Prompt has no outputs',
    );
    expect(refusedGraph({})).toBe('no reason given');
  });
});
