import { expect, test } from 'vitest';
import { serverSentData } from './server-sent-data.js';

/** Feeds the text in packets of `size` bytes. */
function packets(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
      controller.close();
    },
  });
}

test.each([
  ['plain events', 'data: {"a":1}\n\ndata: [DONE]\n\n', ['{"a":1}', '[DONE]']],
  ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['no space after the colon', 'data:a\n\n', ['a']],
  ['data of several lines', 'data: a\ndata: b\n\n', ['a\nb']],
  ['comments and other fields', ': ping\n\nevent: x\nid: 1\ndata: a\n\n', ['a']],
  ['characters of several bytes', 'data: 🐸\n\n', ['🐸']],
  ['an event that was cut off', 'data: a\n\ndata: b\n', ['a']],
  ['nothing', '', []],
])('%s, however the packets fall', async (_name, text, events) => {
  for (const size of [1, 2, 3, 7, 1000]) {
    const seen: string[] = [];
    for await (const data of serverSentData(packets(text, size))) seen.push(data);
    expect(seen).toEqual(events);
  }
});
