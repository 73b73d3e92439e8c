import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from './write-file-atomic.ts';

/** Ends the name of the file that says what a model file is: `phi4.gguf` has `phi4.gguf.anura.json` beside it. */
export const sidecarSuffix = '.anura.json';

const maxSidecarBytes = 4 * 1_048_576;
const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** A file in the models folder itself: never a path. */
const fileNameSchema = z.string().regex(/^[\w+@-][\w+@.-]*$/);

const companionSchema = z.object({
  role: z.enum(['projector', 'adapter']),
  file: fileNameSchema,
  digest: digestSchema,
  size: z.int().min(0),
});

const sidecarSchema = z.object({
  /** The name callers use, e.g. `llama3.1:8b`. */
  name: z.string().min(1),
  /** Other spellings it answers to, e.g. `phi4:latest` for `phi4`. */
  aliases: z.array(z.string()),
  /** SHA-256 of the model file. */
  digest: digestSchema,
  /** Bytes of the model file. */
  size: z.int().min(0),
  /** ISO 8601. */
  pulled_at: z.iso.datetime(),
  /** Registry, namespace, model and tag in full. */
  source: z.string(),
  /** What the manifest gives away: a template that knows tools or thinking, a projector. The model file may hold more. */
  capabilities: z.array(z.enum(['tools', 'vision', 'reasoning'])),
  /** Files that belong to the model, in the same folder. */
  companions: z.array(companionSchema),
  /** Architecture, e.g. `llama`. */
  family: z.string().optional(),
  /** Size class as its publisher writes it, e.g. `8.0B`. */
  parameters: z.string().optional(),
  /** E.g. `Q4_K_M`. */
  quantization: z.string().optional(),
  /** Prompt template in Go's template language; the model file usually holds its own in Jinja. */
  template: z.string().optional(),
  /** Default system message. */
  system: z.string().optional(),
  /** Sampling defaults by Ollama's names, e.g. `stop`, `temperature`. */
  params: z.record(z.string(), z.unknown()).optional(),
  license: z.string().optional(),
});

/** What is known of a pulled model, kept beside its file. */
export type ModelSidecar = z.infer<typeof sidecarSchema>;
export type ModelCompanion = z.infer<typeof companionSchema>;

/** The sidecar at `path`, or nothing when there is none that can be understood: a model file is offered without it then. */
export async function readSidecar(path: string): Promise<ModelSidecar | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text === '' || text.length > maxSidecarBytes) return undefined;
  try {
    return sidecarSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Writes the sidecar whole or not at all. */
export async function writeSidecar(path: string, sidecar: ModelSidecar): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(sidecar, null, 2)}\n`);
}
