/** The longest anybody may wait for an answer by preference. */
const longestWaitMs = 60_000;

/** The milliseconds that `Prefer: wait=10` (RFC 7240) asks to wait, 60 seconds at most; undefined where it asks for none. */
export function preferredWaitMs(header: string | undefined): number | undefined {
  const found = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(header ?? '');
  return found ? Math.min(longestWaitMs, Number(found[1]) * 1000) : undefined;
}
