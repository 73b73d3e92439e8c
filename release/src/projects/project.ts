import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programs } from '../repository.ts';
import { runCommand } from '../run-command.ts';
import type { Tarball } from '../tarballs/tarball.ts';
import type { Stranger } from './stranger.ts';

/** A folder of a stranger with everything installed. */
export class Project {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#env = env;
  }

  /** Runs a program in it and resolves to what it printed. */
  async run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const options = { cwd: this.folder, env: { ...this.#env, ...env }, timeoutMs: 120_000 };
    return (await runCommand(command, args, options)).trim();
  }
}

export interface ProjectOptions {
  readonly name: string;
  /** Of its code; default `module`. */
  readonly type?: 'commonjs' | 'module';
  /** Of ours, e.g. `@anura/client`: installed from its tarball. */
  readonly packages: readonly string[];
  /** From the registry: name to version. Default none. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Files of release/programs that are copied into it. Default none. */
  readonly programs?: readonly string[];
  /** npm's own arguments. Default none. */
  readonly install?: readonly string[];
}

/** Projects outside the repository, whose packages of ours come from tarballs and nowhere else. */
export class Projects {
  readonly #stranger: Stranger;
  readonly #tarballs: readonly Tarball[];

  constructor(stranger: Stranger, tarballs: readonly Tarball[]) {
    this.#stranger = stranger;
    this.#tarballs = tarballs;
  }

  /** Makes a folder with a package.json and the programs, and installs. */
  async create(options: ProjectOptions): Promise<Project> {
    const folder = join(this.#stranger.folder, options.name);
    await mkdir(folder);
    const ours = Object.fromEntries(options.packages.map((name) => [name, this.#spec(name)]));
    const dependencies = { ...ours, ...options.dependencies };
    const { name, type = 'module' } = options;
    await this.#writeManifest(folder, { name, private: true, type, dependencies });
    await Promise.all((options.programs ?? []).map((file) => cp(join(programs, file), join(folder, file))));
    return this.#install(folder, options.install);
  }

  /** Copies a project of the repository and puts the tarballs in the place of its `workspace:` packages. */
  async copy(source: string, name: string): Promise<Project> {
    const folder = join(this.#stranger.folder, name);
    await mkdir(folder);
    for (const entry of await readdir(source))
      if (!['node_modules', 'dist', '.turbo'].includes(entry))
        await cp(join(source, entry), join(folder, entry), { recursive: true });
    const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as CopiedManifest;
    const dependencies = Object.fromEntries(
      Object.entries(manifest.dependencies ?? {}).map(([dependency, version]) => [
        dependency,
        version.startsWith('workspace:') ? this.#spec(dependency) : version,
      ]),
    );
    await this.#writeManifest(folder, { ...manifest, dependencies });
    return this.#install(folder, ['--omit=dev']);
  }

  /** Packages of ours may need each other; without the overrides npm would ask the registry for them. */
  #writeManifest(folder: string, manifest: object): Promise<void> {
    const overrides = Object.fromEntries(this.#tarballs.map(({ manifest: { name } }) => [name, this.#spec(name)]));
    return writeFile(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, overrides }, null, 2)}\n`);
  }

  async #install(folder: string, args: readonly string[] = []): Promise<Project> {
    const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
    await runCommand('npm', ['install', ...quiet, ...args], { cwd: folder, env: this.#stranger.installing });
    return new Project(folder, this.#stranger.running);
  }

  #spec(name: string): string {
    const tarball = this.#tarballs.find(({ manifest }) => manifest.name === name);
    if (tarball === undefined) throw new Error(`There is no tarball of ${name}; is it private?`);
    return `file:${tarball.file}`;
  }
}

interface CopiedManifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}
