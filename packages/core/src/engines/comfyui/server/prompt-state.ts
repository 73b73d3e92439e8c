/** A file that a node saved on the server. */
export interface OutputFile {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: string;
}

/** Where a prompt stands at ComfyUI. */
export type PromptState =
  | { readonly state: 'waiting' | 'running' }
  | { readonly state: 'succeeded'; readonly filesOf: (node: string) => readonly OutputFile[] }
  | { readonly state: 'failed'; readonly failure: PromptFailure }
  /** Neither in the queue nor in the history: it was lost, or never came. */
  | { readonly state: 'unknown' };

export interface PromptFailure {
  readonly kind: 'interrupted' | 'out-of-memory' | 'error';
  /** ComfyUI's own words, not yet fit for callers. */
  readonly words: string;
}

/** Reads an entry of `/history`. */
export function readHistory(entry: object): PromptState {
  const { status, outputs } = entry as { status?: unknown; outputs?: unknown };
  const { status_str: word, messages } = asObject(status);
  if (word === 'error') return { state: 'failed', failure: readFailure(messages) };
  return { state: 'succeeded', filesOf: (node) => readFiles(asObject(asObject(outputs)[node])['images']) };
}

/** Reads `/queue`: each entry is a list with the prompt's id in its second place. */
export function readQueue(answer: object, id: string): PromptState | undefined {
  const { queue_running: running, queue_pending: pending } = answer as {
    queue_running?: unknown;
    queue_pending?: unknown;
  };
  const has = (entries: unknown) =>
    Array.isArray(entries) && entries.some((entry) => Array.isArray(entry) && entry[1] === id);
  if (has(running)) return { state: 'running' };
  return has(pending) ? { state: 'waiting' } : undefined;
}

function readFailure(messages: unknown): PromptFailure {
  const all = Array.isArray(messages) ? messages.filter((message) => Array.isArray(message)) : [];
  if (all.some(([type]) => type === 'execution_interrupted')) return { kind: 'interrupted', words: '' };
  const {
    exception_message: message,
    exception_type: type,
    node_type: node,
  } = asObject(all.find(([name]) => name === 'execution_error')?.[1]);
  const words = [node, message].filter((word) => typeof word === 'string' && word !== '').join(': ');
  const isMemory = /out ?of ?memory/i.test(`${String(type)} ${words}`);
  return { kind: isMemory ? 'out-of-memory' : 'error', words };
}

function readFiles(images: unknown): readonly OutputFile[] {
  const list: readonly unknown[] = Array.isArray(images) ? images : [];
  return list.flatMap((image) => {
    const { filename, subfolder = '', type = 'output' } = asObject(image);
    if (typeof filename !== 'string' || typeof subfolder !== 'string' || typeof type !== 'string') return [];
    return [{ filename, subfolder, type }];
  });
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
