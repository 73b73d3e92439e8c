import { describe, expect, it, vi } from 'vitest';
import type { ChatEngineChunk } from '../../chat-engine.ts';
import { ChunkQueue } from './chunk-queue.ts';

const chunk = (content: string): ChatEngineChunk => ({
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});

describe('ChunkQueue', () => {
  it('gives a waiting reader the next chunk at once, and queued ones in order', async () => {
    const queue = new ChunkQueue(() => {});
    const waiting = queue.next();
    for (const content of ['a', 'b', 'c']) queue.push(chunk(content));
    queue.end();
    const read = [await waiting, await queue.next(), await queue.next(), await queue.next()];
    expect(read.map(({ value, done }) => (done ? 'end' : value.choices[0]?.delta.content))).toEqual([
      'a',
      'b',
      'c',
      'end',
    ]);
  });

  it('is full while its reader is 64 chunks behind, and says when it no longer is', async () => {
    const drained = vi.fn();
    const queue = new ChunkQueue(drained);
    for (let count = 0; count < 64; count++) queue.push(chunk('x'));
    expect(queue.full).toBe(true);
    await queue.next();
    expect(queue.full).toBe(false);
    expect(drained).toHaveBeenCalledTimes(1);
  });

  it('throws once what went wrong, after what was queued', async () => {
    const queue = new ChunkQueue(() => {});
    queue.push(chunk('a'));
    queue.end(new Error('broken'));
    expect((await queue.next()).done).toBe(false);
    await expect(queue.next()).rejects.toThrow('broken');
    expect((await queue.next()).done).toBe(true);
  });

  it('forgets what is queued when nobody wants it any more', async () => {
    const queue = new ChunkQueue(() => {});
    queue.push(chunk('a'));
    queue.abandon(new Error('left'));
    await expect(queue.next()).rejects.toThrow('left');
  });
});
