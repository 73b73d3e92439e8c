/**
 * A `fetch` for a person who waits: what only looks something up, or takes it away, is answered at once by a server that is well,
 * so it fails after this time without an answer. What makes something may take minutes and keeps the client's patience; so does
 * the reading of an answer that has begun, such as a job's events.
 */
export function fetchInTime(patienceMs: number): typeof fetch {
  return async (input, init) => {
    if (init?.method === 'POST') return await fetch(input, init);
    const late = new AbortController();
    const why = new Error(`it has said nothing for ${patienceMs / 1000} s`);
    const timer = setTimeout(() => late.abort(why), patienceMs);
    const signals = init?.signal ? [init.signal, late.signal] : [late.signal];
    try {
      return await fetch(input, { ...init, signal: AbortSignal.any(signals) });
    } finally {
      clearTimeout(timer);
    }
  };
}
