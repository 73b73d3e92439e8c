import type { SchedulerConfig } from './schedulers/scheduler-config.ts';

/**
 * One model on disk: where its parts lie and what its configuration says. Plain data, so that it can be handed to a thread.
 */
export interface DiffusionModel {
  readonly name: string;
  readonly folder: string;
  /** Of the prompt, in the order their states are joined: one, or two for SDXL. */
  readonly textEncoders: readonly TextEncoderFiles[];
  /** Absolute paths of ONNX files. */
  readonly denoiserPath: string;
  readonly decoderPath: string;
  readonly scheduler: SchedulerConfig;
  /** The size the model was trained for, pixels. */
  readonly width: number;
  readonly height: number;
  /** 1 for pictures. */
  readonly frames: number;
  readonly framesPerSecond: number;
  /** Whether all frames start from one noise, which keeps them alike. */
  readonly sharedNoise: boolean;
  /** Of one frame. */
  readonly latentChannels: number;
  /** Pixels along the side of one latent. */
  readonly pixelsPerLatent: number;
  readonly latentScale: number;
  /** SDXL: an absent negative prompt is zeros, not the encoded empty text. */
  readonly zeroEmptyPrompt: boolean;
  readonly defaultSteps: number;
  readonly defaultGuidance: number;
  /** What one drawing may ask for. */
  readonly limits: DrawingLimits;
  /** All the weights on disk, bytes. */
  readonly weightsBytes: number;
  /** Of `model_index.json`, Unix seconds. */
  readonly createdSeconds: number;
}

export interface TextEncoderFiles {
  /** Absolute path of an ONNX file. */
  readonly modelPath: string;
  readonly tokenizerFolder: string;
  /** Tokens it takes, the special ones included. */
  readonly maxTokens: number;
}

export interface DrawingLimits {
  readonly promptCharacters: number;
  readonly mostSteps: number;
  /** Of width and height, pixels. */
  readonly smallestSide: number;
  readonly largestSide: number;
  readonly largestGuidance: number;
}
