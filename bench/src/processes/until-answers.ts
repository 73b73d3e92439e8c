import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

export interface Asking {
  /** What a good answer is. Default: status 200. */
  readonly accept?: (status: number, body: string) => boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Gives up after this long. Default 20 s. */
  readonly patienceMs?: number;
  /** Between two attempts. Default 2 ms: short, because the time to the first good answer is a figure. */
  readonly everyMs?: number;
}

/** Asks an address until it gives a good answer. Throws when it never does. */
export async function untilAnswers(url: string, asking: Asking = {}): Promise<void> {
  const { accept = (status) => status === 200, headers = {}, patienceMs = 20_000, everyMs = 2 } = asking;
  const deadline = performance.now() + patienceMs;
  let last = 'nothing';
  while (performance.now() < deadline) {
    const answer = await get(url, headers).catch((error: Error) => error);
    if (!(answer instanceof Error) && accept(answer.status, answer.body)) return;
    last = answer instanceof Error ? answer.message : `${answer.status} ${answer.body.slice(0, 200)}`;
    await wait(everyMs);
  }
  throw new Error(`${url} gave no good answer within ${patienceMs} ms; the last was: ${last}`);
}

function get(url: string, headers: Readonly<Record<string, string>>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent: false, timeout: 5000 }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer within 5 s')));
    asked.on('error', reject).end();
  });
}
