import { workerData } from 'node:worker_threads';
import { onnxRuntime } from '../../onnx-runtime.ts';
import { serveThread } from '../thread/serve-thread.ts';

export interface KokoroThreadData {
  readonly modelPath: string;
  /** For one operator. */
  readonly threads: number;
}

export interface KokoroRequest {
  readonly numbers: readonly number[];
  readonly style: Float32Array;
  readonly speed: number;
}

const { InferenceSession, Tensor } = onnxRuntime;
const { modelPath, threads } = workerData as KokoroThreadData;

const opening = InferenceSession.create(modelPath, {
  executionProviders: ['cpu'],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  // Waiting threads sleep: spinning would take the core that chat needs.
  extra: { session: { intra_op: { allow_spinning: '0' } } },
});
// A model that cannot be opened is told to whoever asks first.
opening.catch(() => undefined);

serveThread(async (asked) => {
  const { numbers, style, speed } = asked as KokoroRequest;
  const session = await opening;
  const outputs = await session.run({
    input_ids: new Tensor('int64', BigInt64Array.from(numbers, BigInt), [1, numbers.length]),
    style: new Tensor('float32', style, [1, style.length]),
    speed: new Tensor('float32', Float32Array.of(speed), [1]),
  });
  const waveform = outputs['waveform']?.data;
  if (!(waveform instanceof Float32Array)) throw new Error('the model has no output `waveform` of single precision');
  // A copy: the tensor's memory belongs to onnxruntime and cannot be handed over.
  return waveform.slice();
});
