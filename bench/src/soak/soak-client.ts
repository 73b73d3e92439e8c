import type { Pool } from 'undici';
import type { Target } from '../servers/target.ts';
import { patienceMs, soakModel } from './soak-plan.ts';
import { judgeFailure, judgeStream, type StreamOutcome } from './stream-outcome.ts';

/** Asks for one stream and follows it to its end. The fake echoes the text, so it is known what a whole answer is. */
export async function followStream(pool: Pool, target: Target, text: string): Promise<StreamOutcome> {
  const body = JSON.stringify({
    model: soakModel,
    stream: true,
    messages: [{ role: 'user', content: `echo: ${text}` }],
  });
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  try {
    const { path, headers } = target;
    const answer = await pool.request({ method: 'POST', path, headers, body, signal: patience.signal });
    const received = await answer.body.text();
    return answer.statusCode === 200 ? judgeStream(received, text) : judgeFailure(received);
  } catch (error) {
    if (patience.signal.aborted) return { kind: 'hung' };
    return { kind: 'unexplained', how: `the connection failed: ${(error as Error).message}` };
  } finally {
    clearTimeout(timer);
  }
}

const words = ['pond', 'reed', 'heron', 'mist', 'lily', 'newt', 'rain', 'moss', 'frog', 'dusk'];

/** 8 to 25 words that no other request has. */
export function uniqueText(number: number): string {
  const length = 8 + (number % 18);
  const chosen = Array.from({ length }, (_, at) => words[(number * 7 + at * 3) % words.length]);
  return `${number} ${chosen.join(' ')}`;
}
