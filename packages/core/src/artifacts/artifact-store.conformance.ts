import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ArtifactStore } from './artifact-store.ts';

/** What every artifact store does. `open` gives an empty store whose artifacts are made at the time `now` says. */
export function testArtifactStore(name: string, open: (now: () => number) => ArtifactStore): void {
  describe(`${name} as an artifact store`, () => {
    let store: ArtifactStore;
    let nowMs = 1000;
    beforeEach(() => {
      nowMs = 1000;
      store = open(() => nowMs);
    });

    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 251);
    const read = async (id: string, range?: { start: number; end: number }) => {
      const opened = await store.open(id, range);
      return opened && new Uint8Array(await buffer(opened.stream));
    };

    it('gives back the bytes and what is known about them', async () => {
      const digest = createHash('sha256').update(bytes).digest('hex');
      const about = { id: 'job-1', contentType: 'image/webp', sizeBytes: 100_000, digest, createdAtMs: 1000 };
      expect(await store.put('job-1', bytes, 'image/webp')).toEqual(about);
      expect(await store.find('job-1')).toEqual(about);
      const opened = await store.open('job-1');
      opened?.stream.destroy();
      expect(opened?.artifact).toEqual(about);
      expect(await read('job-1')).toEqual(bytes);
    });

    it('reads parts, both ends included', async () => {
      await store.put('job-1', bytes, 'image/webp');
      expect(await read('job-1', { start: 0, end: 0 })).toEqual(bytes.slice(0, 1));
      expect(await read('job-1', { start: 70_000, end: 70_009 })).toEqual(bytes.slice(70_000, 70_010));
      expect(await read('job-1', { start: 99_999, end: 99_999 })).toEqual(bytes.slice(99_999));
    });

    it.each([
      [0, 100_000],
      [-1, 5],
      [5, 4],
    ])('refuses the range %d to %d', async (start, end) => {
      await store.put('job-1', bytes, 'image/webp');
      await expect(store.open('job-1', { start, end })).rejects.toThrow(RangeError);
    });

    it('knows nothing of an id that was never put', async () => {
      expect(await store.find('job-1')).toBeUndefined();
      expect(await store.open('job-1')).toBeUndefined();
      await store.remove('job-1');
    });

    it.each(['', 'ab', '../../etc/passwd', 'a/b', 'a.b.c', '...', 'x'.repeat(121), 'nul\u0000'])(
      'does not take %j for an id',
      async (id) => {
        await expect(store.put(id, bytes, 'image/webp')).rejects.toMatchObject({ code: 'internal' });
        await expect(store.find(id)).rejects.toMatchObject({ code: 'internal' });
        await expect(store.open(id)).rejects.toMatchObject({ code: 'internal' });
        await expect(store.remove(id)).rejects.toMatchObject({ code: 'internal' });
      },
    );

    it('keeps what an id has when it is put again, at the same moment too', async () => {
      const others = [1, 2, 3, 4].map((value) => new Uint8Array(50_000).fill(value));
      const kept = await Promise.all(others.map((other) => store.put('job-1', other, 'image/png')));
      expect(new Set(kept.map(({ digest }) => digest)).size).toBe(1);
      expect(
        createHash('sha256')
          .update((await read('job-1')) ?? '')
          .digest('hex'),
      ).toBe(kept[0]?.digest);
      expect((await store.put('job-1', bytes, 'audio/wav')).contentType).toBe('image/png');
    });

    it('shows nothing of an artifact that is still being written', async () => {
      const large = new Uint8Array(8_000_000).fill(1);
      let written = false;
      const writing = store.put('job-1', large, 'image/png').then(() => {
        written = true;
      });
      let looks = 0;
      while (!written) {
        const found = await store.open('job-1');
        looks++;
        if (!found) continue;
        expect((await buffer(found.stream)).byteLength).toBe(large.byteLength);
        break;
      }
      await writing;
      expect(looks).toBeGreaterThan(0);
      expect((await store.find('job-1'))?.sizeBytes).toBe(large.byteLength);
    });

    it('lets a reader finish what is removed meanwhile', async () => {
      await store.put('job-1', bytes, 'image/webp');
      const opened = await store.open('job-1');
      await store.remove('job-1');
      expect(await store.find('job-1')).toBeUndefined();
      expect(opened && new Uint8Array(await buffer(opened.stream))).toEqual(bytes);
    });

    it('removes what is older than a time, up to the limit', async () => {
      for (const id of ['old-1', 'old-2', 'old-3']) await store.put(id, bytes, 'image/webp');
      nowMs = 2000;
      await store.put('new-1', bytes, 'image/webp');
      expect(await store.prune(2000, 2)).toBe(2);
      expect(await store.prune(2000, 2)).toBe(1);
      expect(await store.prune(2000, 2)).toBe(0);
      expect(await store.find('new-1')).toBeDefined();
    });

    it('keeps nothing as an artifact of no bytes', async () => {
      await store.put('job-1', new Uint8Array(), 'audio/wav');
      expect(await read('job-1')).toEqual(new Uint8Array());
    });
  });
}
