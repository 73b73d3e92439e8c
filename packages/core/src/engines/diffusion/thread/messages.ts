import type { DiffusionModel } from '../diffusion-model.ts';
import type { Drawing } from '../drawing.ts';
import type { Frames } from '../pipeline/frames.ts';
import type { OnnxOptions } from '../pipeline/onnx-model.ts';

/** What the thread is started with. */
export interface ThreadData {
  readonly model: DiffusionModel;
  readonly options: Omit<OnnxOptions, 'nativeCall'>;
  readonly gate: SharedArrayBuffer;
}

/** To the thread. One drawing at a time; `close` stops it, and is the last request. */
export type ThreadRequest =
  | { readonly type: 'draw'; readonly id: number; readonly drawing: Drawing }
  | { readonly type: 'stop'; readonly id: number }
  | { readonly type: 'close' };

/** From the thread. First `opened` or `broken`; then, for each `draw`, any number of `step` and one `drawn` or `failed`. */
export type ThreadAnswer =
  | { readonly type: 'opened' }
  | { readonly type: 'broken'; readonly path: string; readonly cause: unknown }
  | { readonly type: 'step'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: 'drawn'; readonly id: number; readonly frames: Frames }
  | { readonly type: 'failed'; readonly id: number; readonly cause: unknown };
