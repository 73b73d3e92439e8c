/** How one stream ended, as its client saw it. */
export type StreamOutcome =
  /** `[DONE]` after the whole text. */
  | { readonly kind: 'complete' }
  /** `[DONE]` after something else: the one thing that must never happen. */
  | { readonly kind: 'wrong-done'; readonly text: string }
  /** It failed and said why. */
  | { readonly kind: 'failed'; readonly code: string }
  /** It ended without `[DONE]` and without an error that has a code. */
  | { readonly kind: 'unexplained'; readonly how: string }
  /** It did not end. */
  | { readonly kind: 'hung' };

/** Judges what arrived of a stream that has ended. */
export function judgeStream(received: string, expectedText: string): StreamOutcome {
  const events = received.split('\n\n').filter((event) => event !== '');
  const data = events.map((event) => event.replace(/^data: /, ''));
  if (data.at(-1) !== '[DONE]') return judgeFailure(data.at(-1));
  const text = data.slice(0, -1).map(contentOf).join('');
  return text === expectedText ? { kind: 'complete' } : { kind: 'wrong-done', text };
}

/** Judges the last thing said before the end: an error event, an error body, or nothing of the kind. */
export function judgeFailure(last: string | undefined): StreamOutcome {
  const { error } = parse(last ?? '') as { error?: { code?: unknown } };
  if (typeof error?.code === 'string' && error.code !== '') return { kind: 'failed', code: error.code };
  return { kind: 'unexplained', how: `ended after ${(last ?? 'nothing').slice(0, 200)}` };
}

function contentOf(data: string): string {
  const { choices = [] } = parse(data) as { choices?: { delta?: { content?: string | null } }[] };
  return choices[0]?.delta?.content ?? '';
}

function parse(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
