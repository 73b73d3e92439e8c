import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { EventTooLarge, readEvents } from './event-stream.ts';

async function eventsOf(text: string, pieceBytes: number, limit = 1000): Promise<string[]> {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / pieceBytes);
  const pieces = Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  const events: string[] = [];
  for await (const batch of readEvents(Readable.from(pieces), limit)) events.push(...batch);
  return events;
}

describe('readEvents', () => {
  it.each([1, 2, 3, 7, 1000])('reads the same events from pieces of %i bytes', async (pieceBytes) => {
    const text = ': hello\r\n\r\ndata: Frösche 🐸\r\n\r\nevent: x\r\ndata:{"a":1}\r\n\r\n: ping\n\ndata: [DONE]\n\n';
    expect(await eventsOf(text, pieceBytes)).toEqual(['Frösche 🐸', '{"a":1}', '[DONE]']);
  });

  it.each(['data: [DONE]', 'data: [DONE]\n'])('reads a last event without its empty line', async (text) => {
    expect(await eventsOf(text, 4)).toEqual(['[DONE]']);
  });

  it('gives up at an event that is too large, before it is complete', async () => {
    await expect(eventsOf(`data: ${'a'.repeat(2000)}`, 100)).rejects.toThrow(EventTooLarge);
    await expect(eventsOf('data: aaaaaaaaaa\n'.repeat(200), 100)).rejects.toThrow(EventTooLarge);
  });
});
