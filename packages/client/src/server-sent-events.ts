export type ServerSentEvent = {
  /** `message` where the server names none. */
  readonly event: string;
  readonly data: string;
};

/**
 * Server-sent events as they come in; comments are skipped. An event without its closing empty line does not count: it was
 * cut off.
 */
export async function* serverSentEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let event = 'message';
  let data: string[] = [];
  for await (const line of lines(body)) {
    if (line.startsWith('data:')) data.push(fieldValue(line));
    if (line.startsWith('event:')) event = fieldValue(line);
    if (line !== '') continue;
    if (data.length > 0) yield { event, data: data.join('\n') };
    event = 'message';
    data = [];
  }
}

/** What stands behind the colon and one space. */
function fieldValue(line: string): string {
  const value = line.slice(line.indexOf(':') + 1);
  return value.startsWith(' ') ? value.slice(1) : value;
}

/** The lines that are complete, ended by LF or CRLF. */
async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const pieces = decoder.decode(bytes, { stream: true }).split('\n');
    pieces[0] = rest + pieces[0];
    rest = pieces.pop() ?? '';
    for (const piece of pieces) yield piece.endsWith('\r') ? piece.slice(0, -1) : piece;
  }
}
