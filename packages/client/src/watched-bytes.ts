import type { SilenceWatch } from './silence-watch.js';

/** The bytes as they come. Silence counts only while they are waited for, not while the reader is busy. */
export async function* watchedBytes(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  watch: SilenceWatch,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = body.getReader();
  try {
    for (;;) {
      watch.start();
      const { done, value } = await reader.read();
      watch.stop();
      if (done) return;
      yield value;
    }
  } finally {
    // Not awaited: on a broken connection it rejects with what `read` has thrown already.
    reader.cancel().catch(() => {});
  }
}
