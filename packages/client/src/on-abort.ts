type Leave = () => void;

const leavers = new WeakMap<AbortSignal, { readonly all: Set<Leave>; readonly listener: Leave }>();

/**
 * Calls `leave` when the signal is aborted, unless the returned function was called before. However many calls share a signal,
 * it has one listener, because Node 20 warns of a leak at the eleventh.
 */
export function onAbort(signal: AbortSignal | undefined, leave: Leave): () => void {
  if (!signal) return () => {};
  const { all, listener } = leavers.get(signal) ?? listenTo(signal);
  all.add(leave);
  return () => {
    if (!all.delete(leave) || all.size > 0) return;
    signal.removeEventListener('abort', listener);
    leavers.delete(signal);
  };
}

function listenTo(signal: AbortSignal): { all: Set<Leave>; listener: Leave } {
  const all = new Set<Leave>();
  const listener = () => {
    for (const leave of [...all]) leave();
  };
  signal.addEventListener('abort', listener);
  const entry = { all, listener };
  leavers.set(signal, entry);
  return entry;
}
