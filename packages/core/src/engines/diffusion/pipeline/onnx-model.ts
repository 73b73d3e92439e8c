import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { onnxRuntime } from '../../onnx-runtime.ts';
import { opening } from './broken-file.ts';
import { float16ToFloat32, float32ToFloat16 } from './float16.ts';

/** Does work that enters onnxruntime's native code. */
export type NativeCall = <T>(work: () => Promise<T>) => Promise<T>;

export interface OnnxOptions {
  /** Threads for one operator. */
  readonly threads: number;
  /** onnxruntime's names, first choice first, e.g. `cuda`, `cpu`. */
  readonly executionProviders: readonly string[];
  /** Goes around every native call. Default: nothing does. */
  readonly nativeCall?: NativeCall;
}

/** Numbers and their shape; always single precision on our side, whatever the model computes in. */
export interface Values {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** What a model says about one of its inputs: its type, and each axis as a length or the name of a free one. */
export interface InputShape {
  readonly type: Tensor.Type;
  readonly shape: readonly (number | string)[];
}

/** onnxruntime's own scale; its warnings are about how a file was exported. */
const onlyErrors = 3;

/** One ONNX file, opened. Whoever opens it closes it. */
export class OnnxModel {
  readonly #session: InferenceSession;
  readonly #nativeCall: NativeCall;

  private constructor(session: InferenceSession, nativeCall: NativeCall) {
    this.#session = session;
    this.#nativeCall = nativeCall;
  }

  /** @throws BrokenFile where onnxruntime cannot run it. */
  static async open(path: string, options: OnnxOptions): Promise<OnnxModel> {
    const { nativeCall = (work) => work() } = options;
    const session = nativeCall(() => onnxRuntime.InferenceSession.create(path, sessionOptions(options)));
    return new OnnxModel(await opening(path, session), nativeCall);
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  /** Undefined where the model has no such input. */
  input(name: string): InputShape | undefined {
    const found = this.#session.inputMetadata.find((input) => input.name === name);
    return found?.isTensor ? { type: found.type, shape: found.shape } : undefined;
  }

  /** Runs once. Inputs are converted to the types the model wants; all outputs that hold floats come back. */
  async run(inputs: Readonly<Record<string, Values>>): Promise<ReadonlyMap<string, Values>> {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, values]) => [name, toTensor(values, this.input(name)?.type ?? 'float32')]),
    );
    const outputs = await this.#nativeCall(() => this.#session.run(feeds));
    const floats = new Map<string, Values>();
    for (const [name, tensor] of Object.entries(outputs)) {
      const data = toFloats(tensor.data);
      if (data) floats.set(name, { data, shape: tensor.dims });
    }
    return floats;
  }

  close(): Promise<void> {
    return this.#nativeCall(() => this.#session.release());
  }
}

function sessionOptions({ threads, executionProviders }: OnnxOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: [...executionProviders],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: onlyErrors,
    // Waiting threads sleep: spinning would take the core that chat needs.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}

function toTensor({ data, shape }: Values, type: Tensor.Type): Tensor {
  switch (type) {
    case 'float16':
      return halfTensor(data, shape);
    case 'int64':
      return new onnxRuntime.Tensor(
        'int64',
        BigInt64Array.from(data, (value) => BigInt(Math.round(value))),
        shape,
      );
    case 'int32':
      return new onnxRuntime.Tensor('int32', Int32Array.from(data, Math.round), shape);
    case 'float64':
      return new onnxRuntime.Tensor('float64', Float64Array.from(data), shape);
    default:
      return new onnxRuntime.Tensor('float32', data, shape);
  }
}

/**
 * A `float16` tensor from bits. Where `Float16Array` exists (Node 24) the library would turn the bits into one, and its native
 * half then reads no bytes from it (onnxruntime pull request 32323); bits that come as `uint16` are left as they are.
 */
function halfTensor(data: Float32Array, shape: readonly number[]): Tensor {
  const tensor = new onnxRuntime.Tensor('uint16', float32ToFloat16(data), shape);
  return Object.defineProperty(tensor, 'type', { value: 'float16' });
}

function toFloats(data: Tensor['data']): Float32Array | undefined {
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) return float16ToFloat32(data);
  if (data instanceof Float64Array || isFloat16Array(data)) return Float32Array.from(data);
  return undefined;
}

/** Node 24 has the type, Node 22 has not. */
function isFloat16Array(data: unknown): data is ArrayLike<number> {
  return Object.prototype.toString.call(data) === '[object Float16Array]';
}
