import type { RunParts } from './run/prompt-run.ts';
import type { Template } from './template/template.ts';

/** What the engines over one ComfyUI share. */
export interface ComfyEngineParts extends RunParts {
  /** @throws GatewayError `not-found` where there is no such model, `invalid-request` where it makes something else. */
  readonly findTemplate: (model: string, makes: Template['modality']) => Template;
  /** Told of every run that ended well, and of every one that did not. */
  readonly ran: (model: string) => void;
  readonly failed: (error: unknown) => void;
}
