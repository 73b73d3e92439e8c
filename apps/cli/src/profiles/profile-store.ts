import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { Failure } from '../failure.ts';
import { checkServerUrl } from '../server-url.ts';
import { writeWhole } from '../terminal/write-whole.ts';
import { checkedProfileName, defaultProfile, type Profile } from './profile.ts';
import { profileFolder } from './profile-folder.ts';

/**
 * The saved profiles: one file each, so that two logins at once never write the same one, and a file that names the
 * current one. Everything here is for the user alone: files 0600, folders 0700. Methods throw a `Failure`.
 */
export class ProfileStore {
  readonly #folder: string | undefined;

  constructor(context: Pick<Context, 'env' | 'home'>) {
    this.#folder = profileFolder(context);
  }

  /** Undefined when there is none of this name. */
  read(name: string): Profile | undefined {
    const path = this.#pathOf(name);
    const text = path && readIfThere(path);
    return text === undefined || path === undefined ? undefined : parseProfile(name, text, path);
  }

  /** In the order of the alphabet. */
  names(): string[] {
    if (!this.#folder) return [];
    const files = readDirectoryIfThere(join(this.#folder, 'profiles'));
    return files.flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : [])).sort();
  }

  /** The name of the one commands use unless told otherwise; it may not be there. */
  current(): string {
    const chosen = this.#folder && readIfThere(join(this.#folder, 'current'));
    return chosen?.trim() ? checkedProfileName(chosen.trim()) : defaultProfile;
  }

  /** Replaces one of the same name, at once: nobody ever reads half of it. */
  async save({ name, url, key }: Profile): Promise<void> {
    await this.#write(join('profiles', `${checkedProfileName(name)}.json`), JSON.stringify({ url, key }, null, 2));
  }

  async choose(name: string): Promise<void> {
    await this.#write('current', checkedProfileName(name));
  }

  /** Forgets the profile, also a broken one. False when there was none. */
  remove(name: string): boolean {
    const path = this.#pathOf(name);
    if (!path || readIfThere(path) === undefined) return false;
    touching(path, () => rmSync(path));
    if (this.#folder && this.current() === name) rmSync(join(this.#folder, 'current'), { force: true });
    return true;
  }

  /** The file of a profile that other users of this machine can read; undefined when all is well. */
  exposedFile(name: string): string | undefined {
    const path = this.#pathOf(name);
    if (!path || process.platform === 'win32') return undefined;
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    return (mode & 0o077) === 0 ? undefined : path;
  }

  #pathOf(name: string): string | undefined {
    return this.#folder && join(this.#folder, 'profiles', `${checkedProfileName(name)}.json`);
  }

  async #write(file: string, text: string): Promise<void> {
    if (!this.#folder) throw new Failure('There is no home folder to keep profiles in: set HOME or XDG_CONFIG_HOME.');
    const path = join(this.#folder, file);
    touching(path, () => mkdirSync(join(this.#folder ?? '', 'profiles'), { recursive: true, mode: 0o700 }));
    await writeWhole(path, `${text}\n`, 0o600).catch((error: unknown) => refuse(path, error));
  }
}

function parseProfile(name: string, text: string, path: string): Profile {
  const { url, key } = parseJson(text);
  if (typeof url !== 'string' || typeof key !== 'string')
    throw new Failure(`${path} is no profile. \`anura logout ${name}\` takes it away, \`anura login\` makes it anew.`);
  return { name, url: checkServerUrl(url), key };
}

function parseJson(text: string): { url?: unknown; key?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function readIfThere(path: string): string | undefined {
  return unlessMissing(path, () => readFileSync(path, 'utf8'));
}

function readDirectoryIfThere(path: string): string[] {
  return unlessMissing(path, () => readdirSync(path)) ?? [];
}

function unlessMissing<T>(path: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : refuse(path, error);
  }
}

function touching(path: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    refuse(path, error);
  }
}

function refuse(path: string, cause: unknown): never {
  const { code } = cause as NodeJS.ErrnoException;
  throw new Failure(
    `${path} cannot be used (${code}). Give this user the right to, or set XDG_CONFIG_HOME to another folder.`,
    {
      cause,
    },
  );
}
