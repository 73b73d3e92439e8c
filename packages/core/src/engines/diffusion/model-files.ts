import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { GatewayError } from '../../errors/gateway-error.ts';

/** Says which file of which model is wrong, by its name inside the model's folder: callers never see the operator's paths. */
export function brokenModel(model: string, reason: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'engine-failed',
    `The model "${model}" cannot be used: ${reason}. The operator can fetch the model again.`,
    { retry: 'elsewhere', cause },
  );
}

/** Reads the files of one model's folder. Every failure is a `GatewayError` that names the file. */
export class ModelFiles {
  readonly #model: string;
  readonly #folder: string;

  constructor(model: string, folder: string) {
    this.#model = model;
    this.#folder = folder;
  }

  /** The absolute path of a file that must be there, and its size in bytes. */
  async require(file: string): Promise<{ path: string; sizeBytes: number }> {
    const path = join(this.#folder, file);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) throw brokenModel(this.#model, `${file} is missing`);
    if (found.size === 0) throw brokenModel(this.#model, `${file} is empty`);
    return { path, sizeBytes: found.size };
  }

  /** The size in bytes of a file that may be there, 0 where it is not. */
  async sizeOf(file: string): Promise<number> {
    const found = await stat(join(this.#folder, file)).catch(() => undefined);
    return found?.size ?? 0;
  }

  /** A JSON file that must be there, checked. */
  async json<T>(file: string, shape: z.ZodType<T>): Promise<T> {
    const { path } = await this.require(file);
    const text = await readFile(path, 'utf8').catch((cause) => {
      throw brokenModel(this.#model, `${file} cannot be read`, cause);
    });
    return this.#parse(file, text, shape);
  }

  /** A JSON file that may be absent; then `shape` is asked what an empty object means. */
  async optionalJson<T>(file: string, shape: z.ZodType<T>): Promise<T> {
    const size = await this.sizeOf(file);
    return size === 0 ? shape.parse({}) : this.json(file, shape);
  }

  #parse<T>(file: string, text: string, shape: z.ZodType<T>): T {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (cause) {
      throw brokenModel(this.#model, `${file} is not JSON`, cause);
    }
    const parsed = shape.safeParse(json);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const where = issue?.path.length ? ` at ${issue.path.join('.')}` : '';
    throw brokenModel(this.#model, `${file} is wrong${where}: ${issue?.message ?? 'unknown shape'}`);
  }
}
