import type { UpstreamTarget } from './chat/upstream-chat-request.ts';
import type { OpenAISettings } from './settings.ts';
import type { Upstream } from './upstream/upstream.ts';

/** What the engines over one upstream share. */
export interface EngineParts {
  readonly settings: OpenAISettings;
  readonly upstream: Upstream;
  /** The upstream's name and kind for a public model name. */
  target(model: string): UpstreamTarget;
  /** Told of every failed call. */
  failed(error: unknown): void;
}
