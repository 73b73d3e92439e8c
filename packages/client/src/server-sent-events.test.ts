import { expect, test } from 'vitest';
import { serverSentEvents } from './server-sent-events.js';

/** The text's bytes in packets of `size`. */
async function* packets(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.each([
  ['plain events', 'data: {"a":1}\n\ndata: [DONE]\n\n', ['message {"a":1}', 'message [DONE]']],
  ['named events', 'id: 1\nevent: state\ndata: a\n\ndata: b\n\n', ['state a', 'message b']],
  ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['message a', 'message b']],
  ['no space after the colon', 'data:a\n\n', ['message a']],
  ['data of several lines', 'data: a\ndata: b\n\n', ['message a\nb']],
  ['comments and other fields', ': ping\n\nid: x\nretry: 1\ndata: a\n\n', ['message a']],
  ['a name without data', 'event: x\n\ndata: a\n\n', ['message a']],
  ['characters of several bytes', 'data: 🐸\n\n', ['message 🐸']],
  ['an event that was cut off', 'data: a\n\ndata: b\n', ['message a']],
  ['nothing', '', []],
])('%s, however the packets fall', async (_name, text, expected) => {
  for (const size of [1, 2, 3, 7, 1000]) {
    const seen: string[] = [];
    for await (const { event, data } of serverSentEvents(packets(text, size))) seen.push(`${event} ${data}`);
    expect(seen).toEqual(expected);
  }
});
