import type { Target } from '../servers/target.ts';

/** How long a streamed chat with tadpole waits for its first token, milliseconds; NaN when none comes. Reads it to its end. */
export async function firstTokenMs({ origin, path, headers }: Target, content: string): Promise<number> {
  const startedAt = performance.now();
  const request = { model: 'tadpole', stream: true, max_tokens: 16, messages: [{ role: 'user', content }] };
  const answer = await fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(request) });
  let firstMs = Number.NaN;
  let text = '';
  for await (const bytes of answer.body ?? []) {
    text += Buffer.from(bytes).toString('utf8');
    if (Number.isNaN(firstMs) && /"content":"[^"]/.test(text)) firstMs = performance.now() - startedAt;
  }
  return text.endsWith('data: [DONE]\n\n') ? firstMs : Number.NaN;
}
