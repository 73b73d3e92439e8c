import type { ResourceOffer } from '../../../catalog/resource-offer.ts';
import type { DrawingCall, ImageEngine, Picture } from '../../../engines/image-engine.ts';
import type { VideoEngine, VideoOperation, VideoStatus } from '../../../engines/video-engine.ts';
import type { MediaKind, MediaProvider } from '../media-provider.ts';

/** The smallest PNG there is: one black pixel. */
export const png = new Uint8Array(
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64'),
);

/** The frame of an animated WebP with two frames of 1 × 1, whose pictures no decoder would like. */
export const webp = animatedWebp();

export interface PictureCall extends DrawingCall {
  readonly deliver: (bytes?: Uint8Array) => void;
  readonly fail: (error: unknown) => void;
}

/** A provider that does what the test says, when it says so. */
export class Studio implements MediaProvider {
  readonly name: string;
  /** Calls that have begun, in their order. */
  readonly calls: PictureCall[] = [];
  /** What each video operation answers next; `undefined` runs on. */
  readonly statuses = new Map<string, VideoStatus | Error>();
  readonly started: string[] = [];
  readonly asked: string[] = [];
  readonly cancelled: string[] = [];
  #offers: readonly ResourceOffer[];

  constructor(name: string, models: readonly { model: string; kind: MediaKind; slots?: number }[]) {
    this.name = name;
    this.#offers = models.map(({ model, kind, slots = 1 }) => ({
      id: `${name}/${model}`,
      provider: name,
      engine: 'studio',
      model,
      modality: kind,
      capabilities: [],
      slots,
      state: 'loaded',
    }));
  }

  offers(): readonly ResourceOffer[] {
    return this.#offers;
  }

  /** Takes its models away. */
  leave(): void {
    this.#offers = [];
  }

  readonly images: ImageEngine = {
    admit: () => undefined,
    image: (_request, call) =>
      new Promise<Picture>((resolve, reject) => {
        call.signal.addEventListener('abort', () => reject(call.signal.reason), { once: true });
        const deliver = (bytes: Uint8Array = png) =>
          resolve({ bytes, contentType: 'image/png', seed: 1, width: 1, height: 1 });
        this.calls.push({ ...call, deliver, fail: reject });
      }),
  };

  readonly videos: VideoEngine = {
    admit: () => undefined,
    start: async (_request, { jobOfferId }) => {
      const id = `${jobOfferId}/${this.started.length + 1}`;
      this.started.push(id);
      return { id };
    },
    status: async (operation) => {
      const id = idOf(operation);
      this.asked.push(id);
      const status = this.statuses.get(id) ?? { state: 'running' };
      if (status instanceof Error) throw status;
      return status;
    },
    cancel: async (operation) => void this.cancelled.push(idOf(operation)),
  };
}

export const finished: VideoStatus = {
  state: 'succeeded',
  video: { bytes: webp, contentType: 'image/webp', width: 1, height: 1 },
};

const idOf = ({ id }: VideoOperation): string => String(id);

function animatedWebp(): Uint8Array<ArrayBuffer> {
  const frame = chunk('ANMF', Buffer.alloc(26));
  const body = Buffer.concat([Buffer.from('WEBP'), chunk('VP8X', Buffer.alloc(10)), frame, frame]);
  return new Uint8Array(chunk('RIFF', body));
}

function chunk(name: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.byteLength);
  return Buffer.concat([Buffer.from(name), length, content]);
}
