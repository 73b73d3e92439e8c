import { parentPort } from 'node:worker_threads';

export interface ThreadRequest {
  readonly id: number;
  readonly request: unknown;
}

export type ThreadAnswer =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: string };

/** Answers what a `ThreadPool` asks of this worker thread, one request at a time. Sound is handed over, not copied. */
export function serveThread(answer: (request: unknown) => Promise<unknown>): void {
  if (!parentPort) throw new Error('this file is the entry of a worker thread');
  const port = parentPort;
  port.on('message', ({ id, request }: ThreadRequest) => {
    answer(request).then(
      (value) => port.postMessage({ id, answer: value } satisfies ThreadAnswer, transferable(value)),
      (error) => port.postMessage({ id, failure: words(error) } satisfies ThreadAnswer),
    );
  });
}

function transferable(value: unknown): ArrayBuffer[] {
  return value instanceof Float32Array && value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
}

/** Errors of native code may hold what cannot be cloned; their words can. */
function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
