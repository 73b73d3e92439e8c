import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GatewayError } from '../../../errors/gateway-error.ts';
import type { EngineLog } from '../log.ts';
import { describeModelFile, isLaterShard, type ModelFile } from './model-file.ts';
import { type ModelSidecar, readSidecar } from './model-sidecar.ts';

/** A model that comes with the program, under its own name. */
export type BundledModel = { readonly path: string } & Omit<ModelSidecar, 'name'>;

interface ModelLibraryOptions {
  /** Folders searched for `*.gguf`, with all that is below them. A missing folder counts as empty. */
  readonly modelsDirs: readonly string[];
  /** Name to model. A file of the same name in a folder takes its place. */
  readonly bundled: Readonly<Record<string, BundledModel>>;
  readonly log: EngineLog;
}

/**
 * The models found on disk. Callers' names are looked up among them and never become paths, so no name can reach out of the
 * folders.
 */
export class ModelLibrary {
  readonly #options: ModelLibraryOptions;
  #files: ReadonlyMap<string, ModelFile> = new Map();
  #looking: Promise<void> = Promise.resolve();

  constructor(options: ModelLibraryOptions) {
    this.#options = options;
  }

  get files(): ReadonlyMap<string, ModelFile> {
    return this.#files;
  }

  find(name: string): ModelFile {
    const file = this.#files.get(name);
    if (file !== undefined) return file;
    throw new GatewayError('not-found', `There is no model named ${JSON.stringify(name)} here.`, {
      param: 'model',
      openaiCode: 'model_not_found',
    });
  }

  /**
   * Looks at the folders again. A file that cannot be used is reported to the log and left out. Looks follow one another, so
   * that an older one never replaces what a newer one found.
   */
  refresh(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  async #look(): Promise<void> {
    const files = new Map<string, ModelFile>();
    for (const [name, { path, ...sidecar }] of Object.entries(this.#options.bundled)) {
      await this.#add(files, path, () => describeModelFile(path, name, sidecar));
    }
    for (const path of await this.#listGgufFiles()) {
      const name = basename(path).replace(/(-00001-of-\d{5})?\.gguf$/i, '');
      await this.#add(files, path, async () => describeModelFile(path, name, await readSidecar(path)));
    }
    this.#files = files;
  }

  async #add(
    files: Map<string, ModelFile>,
    path: string,
    describe: () => Promise<ModelFile | undefined>,
  ): Promise<void> {
    const file = await describe().catch((error: unknown) => {
      this.#options.log.warn({ path, error: String(error) }, 'model file left out: it cannot be read');
      return undefined;
    });
    if (file === undefined) return;
    const known = files.get(file.name);
    if (known !== undefined && this.#options.bundled[file.name]?.path !== known.path) {
      this.#options.log.warn({ model: file.name, path, kept: known.path }, 'model file left out: its name is taken');
      return;
    }
    files.set(file.name, file);
  }

  async #listGgufFiles(): Promise<string[]> {
    const lists = await Promise.all(this.#options.modelsDirs.map((folder) => this.#listFolder(folder)));
    return lists.flat().sort();
  }

  async #listFolder(folder: string): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT')
          this.#options.log.warn({ folder, error: String(error) }, 'models folder not readable');
        return [];
      },
    );
    return entries
      .filter((entry) => !entry.isDirectory() && /\.gguf$/i.test(entry.name) && !isLaterShard(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  }
}
