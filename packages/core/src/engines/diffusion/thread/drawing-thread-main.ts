import { parentPort, workerData } from 'node:worker_threads';
import type { Drawing } from '../drawing.ts';
import { BrokenFile } from '../pipeline/broken-file.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { ThreadAnswer, ThreadData, ThreadRequest } from './messages.ts';
import { passGate } from './native-gate.ts';

/**
 * The thread that holds one opened model. onnxruntime computes on the thread that calls it, so this is where it may block;
 * messages are read between steps, which is when a drawing can be stopped.
 */
const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');

const { model, options, gate } = workerData as ThreadData;
const stops = new Map<number, AbortController>();
let drawing: Promise<void> = Promise.resolve();

const pipeline = await Pipeline.open(model, { ...options, nativeCall: (work) => passGate(gate, work) }).catch(
  (cause) => {
    tell({ type: 'broken', path: cause instanceof BrokenFile ? cause.path : model.folder, cause: describe(cause) });
    return undefined;
  },
);

if (pipeline) {
  port.on('message', (request: ThreadRequest) => obey(request, pipeline));
  tell({ type: 'opened' });
}

function obey(request: ThreadRequest, pipeline: Pipeline): void {
  switch (request.type) {
    case 'draw':
      drawing = draw(request.id, request.drawing, pipeline);
      break;
    case 'stop':
      stops.get(request.id)?.abort();
      break;
    case 'close':
      void close(pipeline);
  }
}

async function draw(id: number, drawing: Drawing, pipeline: Pipeline): Promise<void> {
  const stop = new AbortController();
  stops.set(id, stop);
  try {
    const onProgress = (done: number, total: number) => tell({ type: 'step', id, done, total });
    const frames = await pipeline.draw(drawing, { signal: stop.signal, onProgress });
    tell({ type: 'drawn', id, frames }, [frames.data.buffer as ArrayBuffer]);
  } catch (cause) {
    tell({ type: 'failed', id, cause: describe(cause) });
  } finally {
    stops.delete(id);
  }
}

/** With the port closed nothing keeps the thread alive, and it ends by itself. */
async function close(pipeline: Pipeline): Promise<void> {
  for (const stop of stops.values()) stop.abort();
  await drawing;
  await pipeline.close();
  port?.close();
}

function tell(answer: ThreadAnswer, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(answer, transfer);
}

/** Errors of native code may hold what cannot be cloned; their words can. */
function describe(cause: unknown): Error {
  return new Error(cause instanceof Error ? cause.message : String(cause));
}
