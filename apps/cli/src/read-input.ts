import { addAbortSignal } from 'node:stream';
import { type Context, printLine } from './context.ts';
import { Failure } from './failure.ts';

const patienceMs = 2000;

/**
 * What is piped in, without the spaces around it; empty when input is a terminal. A pipe that stays open is waited for,
 * audibly, and let go at the signal. Throws a `Failure` for what is no text.
 */
export async function readPipe({ stdin, stderr, signal }: Context): Promise<string> {
  if (stdin.isTTY) return '';
  const notice = setTimeout(
    () => printLine(stderr, 'Waiting for what is piped in (</dev/null says: nothing) …'),
    patienceMs,
  );
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of addAbortSignal(signal, stdin)) chunks.push(Buffer.from(chunk));
    return textOf(Buffer.concat(chunks)).trim();
  } finally {
    clearTimeout(notice);
  }
}

/** A picture or a program would go to the model as thousands of question marks. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Failure('What is piped in is no text in UTF-8. `iconv -f latin1 -t utf-8` makes older texts so.', {
      cause,
    });
  }
}
