import { describe, expect, it, vi } from 'vitest';
import { createMemoryBudget } from '../../memory-budget.ts';
import type { ModelFile } from '../library/model-file.ts';
import { silentLog } from '../log.ts';
import { ModelManager } from './model-manager.ts';

const never = new AbortController().signal;

function file(name: string): ModelFile {
  return {
    name,
    path: `/models/${name}.gguf`,
    sizeBytes: 10,
    modality: 'chat',
    capabilities: [],
    trainedContextLength: 1,
    cacheBytesPerToken: 1,
    embeddingLength: 1,
    created: 0,
  };
}

/** A manager of models of 10 bytes each, with room for two. */
function managerOf(load: (name: string) => Promise<void> = async () => {}) {
  const errors: string[] = [];
  const loaded: string[] = [];
  const disposed: string[] = [];
  const memory = createMemoryBudget({ limitBytes: 25 });
  const manager = new ModelManager({
    memory,
    idleUnloadMs: 0,
    log: { ...silentLog, error: (_details, message) => errors.push(message) },
    plan: ({ sizeBytes }) => ({ slots: 1, lanes: 1, threads: 1, contextLength: 1, sizeBytes }),
    load: async ({ name }) => {
      await load(name);
      loaded.push(name);
      return { name, dispose: async () => void disposed.push(name) };
    },
  });
  return { manager, memory, loaded, disposed, errors };
}

describe('ModelManager', () => {
  it('loads once for all who ask', async () => {
    const { manager, loaded } = managerOf();
    const uses = [manager.use(file('a'), never), manager.use(file('a'), never)];
    expect(manager.stateOf('a')).toBe('loading');
    await Promise.all(uses);
    expect(manager.stateOf('a')).toBe('loaded');
    expect(loaded).toEqual(['a']);
  });

  it('unloads the least recently used model nobody uses', async () => {
    const { manager, disposed } = managerOf();
    for (const name of ['a', 'b', 'a']) (await manager.use(file(name), never)).release();
    (await manager.use(file('c'), never)).release();
    expect(disposed).toEqual(['b']);
  });

  it('never unloads a model in use, and waits for its room instead', async () => {
    const { manager, disposed } = managerOf();
    const [a, b] = [await manager.use(file('a'), never), await manager.use(file('b'), never)];
    const waiting = manager.use(file('c'), never);
    await vi.waitFor(() => expect(manager.stateOf('c')).toBe('loading'));
    expect(disposed).toEqual([]);
    b.release();
    b.release();
    await waiting;
    expect(disposed).toEqual(['b']);
    a.release();
  });

  it('stops waiting for room when nobody wants the model any more', async () => {
    const { manager, loaded } = managerOf();
    const [a, b] = [await manager.use(file('a'), never), await manager.use(file('b'), never)];
    const leaving = new AbortController();
    const left = manager.use(file('c'), leaving.signal);
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(manager.stateOf('c')).toBe('cold');
    a.release();
    const again = await manager.use(file('c'), never);
    expect(loaded).toEqual(['a', 'b', 'c']);
    for (const { release } of [b, again]) release();
  });

  it('gives the memory of a model back that failed to load', async () => {
    const load = vi.fn().mockRejectedValue(new Error('no such tensor'));
    const { manager, memory } = managerOf(load);
    await expect(manager.use(file('a'), never)).rejects.toThrow('no such tensor');
    expect(memory.usedBytes).toBe(0);
  });

  it('tells the others when a load fails, and tries again for the next', async () => {
    const load = vi.fn().mockRejectedValueOnce(new Error('no such tensor')).mockResolvedValue(undefined);
    const { manager } = managerOf(load);
    const failed = manager.use(file('a'), never);
    await expect(failed).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('no such tensor'),
    });
    expect(manager.stateOf('a')).toBe('cold');
    await expect(manager.use(file('a'), never)).resolves.toBeDefined();
  });

  it('goes on loading for the others when one leaves', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { manager } = managerOf(() => promise);
    const leaving = new AbortController();
    const left = manager.use(file('a'), leaving.signal);
    const staying = manager.use(file('a'), never);
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    resolve();
    await expect(staying).resolves.toBeDefined();
  });

  it('logs a load that failed as an error, but not one that nobody wants any more', async () => {
    const failing = managerOf(() => Promise.reject(new Error('broken file')));
    await expect(failing.manager.use(file('a'), never)).rejects.toThrow('broken file');
    expect(failing.errors).toEqual(['model not loaded']);

    const begun = Promise.withResolvers<void>();
    const stop = Promise.withResolvers<void>();
    const closing = managerOf(async () => {
      begun.resolve();
      await stop.promise;
      throw new Error('aborted');
    });
    const refused = expect(closing.manager.use(file('a'), never)).rejects.toThrow('could not be loaded');
    await begun.promise;
    const closed = closing.manager.close();
    stop.resolve();
    await Promise.all([refused, closed]);
    expect(closing.errors).toEqual([]);
  });

  it('closes when the last user is gone', async () => {
    const { manager, disposed } = managerOf();
    const lease = await manager.use(file('a'), never);
    const closing = manager.close();
    expect(disposed).toEqual([]);
    lease.release();
    await closing;
    expect(disposed).toEqual(['a']);
  });
});
