import { readFile } from 'node:fs/promises';
import type { Capability } from '@anura/openapi';
import { z } from 'zod';

/** What is known of a model beyond its GGUF: written by `anura pull` as `<file>.anura.json`, or by hand. */
export interface ModelSidecar {
  /** The name callers use, e.g. `llama3.1:8b`. */
  readonly name?: string;
  readonly modality?: 'chat' | 'embedding';
  /** Replaces what the template suggests; `json_schema` goes without saying. */
  readonly capabilities?: readonly Capability[];
  readonly description?: string;
  /** Temperature where a request leaves it out. Default 1. */
  readonly temperature?: number;
}

const printableName = /^[^\p{Cc}\s]{1,256}$/u;

const withoutProjector = ['tools', 'json_schema', 'reasoning'] as const satisfies Capability[];

function knownCapabilities(names: string[]): Capability[] {
  return withoutProjector.filter((capability) => names.includes(capability));
}

const sidecarSchema = z.object({
  name: z.string().regex(printableName).optional(),
  modality: z.enum(['chat', 'embedding']).optional(),
  // What this engine does not know, such as the vision of a model whose projector it cannot use, is not offered.
  capabilities: z.array(z.string()).transform(knownCapabilities).optional(),
  description: z.string().optional(),
  temperature: z.number().min(0).max(2).optional(),
});

export function sidecarPath(modelPath: string): string {
  return `${modelPath}.anura.json`;
}

/** The sidecar beside a model, empty when there is none. Throws when there is one that cannot be understood. */
export async function readSidecar(modelPath: string): Promise<ModelSidecar> {
  const text = await readFile(sidecarPath(modelPath), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return {};
  return withoutUndefined(sidecarSchema.parse(JSON.parse(text)));
}

function withoutUndefined(value: z.infer<typeof sidecarSchema>): ModelSidecar {
  return JSON.parse(JSON.stringify(value)) as ModelSidecar;
}
