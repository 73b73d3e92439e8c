import type { Readable } from 'node:stream';
import { createParser } from 'eventsource-parser';

/** Thrown when one event is larger than we keep. */
export class EventTooLarge extends Error {
  constructor(limitCharacters: number) {
    super(`One event is larger than ${limitCharacters} characters.`);
    this.name = 'EventTooLarge';
  }
}

/**
 * The data of server-sent events, in batches as they come off the wire. Understands CR LF, comments and characters cut
 * between packets. Does not destroy the body when left: the rest may be read so that the connection can be used again.
 */
export async function* readEvents(body: Readable, limitCharacters: number): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  let tooLarge = false;
  const parser = createParser({
    maxBufferSize: limitCharacters,
    onEvent: ({ data }) => batch.push(data),
    onError: ({ type }) => {
      tooLarge ||= type === 'max-buffer-size-exceeded';
    },
  });
  const feed = (text: string) => {
    batch = [];
    parser.feed(text);
    if (tooLarge) throw new EventTooLarge(limitCharacters);
    return batch;
  };
  const decoder = new TextDecoder();
  for await (const bytes of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    yield feed(decoder.decode(bytes, { stream: true }));
  }
  // Some upstreams leave out the empty line after the last event.
  yield feed('\n\n');
}
