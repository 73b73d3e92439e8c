import { type Context, printLine } from './context.ts';

const patienceMs = 2000;

/** What is piped in, without the spaces around it; empty when input is a terminal. A pipe that stays open is waited for, audibly. */
export async function readPipe({ stdin, stderr, signal }: Context): Promise<string> {
  if (stdin.isTTY) return '';
  const notice = setTimeout(
    () => printLine(stderr, 'Waiting for what is piped in (</dev/null says: nothing) …'),
    patienceMs,
  );
  const stop = () => stdin.pause();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8').trim();
  } finally {
    clearTimeout(notice);
    signal.removeEventListener('abort', stop);
  }
}
