/**
 * The `data` of each server-sent event, as it comes in. Other fields and comments are skipped, which Anura never sends
 * but a proxy may add. An event without its closing empty line does not count: it was cut off.
 */
export async function* serverSentData(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let data: string[] = [];
  for await (const line of lines(body)) {
    if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    if (line !== '' || data.length === 0) continue;
    yield data.join('\n');
    data = [];
  }
}

/** The lines that are complete, ended by LF or CRLF. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const pieces = decoder.decode(value, { stream: true }).split('\n');
      pieces[0] = rest + pieces[0];
      rest = pieces.pop() ?? '';
      for (const piece of pieces) yield piece.endsWith('\r') ? piece.slice(0, -1) : piece;
    }
  } finally {
    // Not awaited: on a broken connection it rejects with what `read` has thrown already.
    reader.cancel().catch(() => {});
  }
}
