import type { ImageRequest } from '../engines/image-engine.ts';
import type { SpeechRequest } from '../engines/speech-engine.ts';
import type { VideoRequest } from '../engines/video-engine.ts';

/** What to make, in the words of the engine that makes it. */
export type MediaRequest =
  | { readonly kind: 'image'; readonly request: ImageRequest }
  | { readonly kind: 'video'; readonly request: VideoRequest }
  | { readonly kind: 'speech'; readonly request: SpeechRequest };
