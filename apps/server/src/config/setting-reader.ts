import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { ConfigFile } from './config-file.ts';
import { expected } from './file-problems.ts';
import { fileKey, type Group, outsideNames, type Places, type Setting } from './setting.ts';
import { valueAt } from './value-at.ts';

/** Where a value came from, and what to look at to change it: a flag, a variable, or a line of the file. */
export interface Origin {
  readonly from: 'default' | 'file' | 'env' | 'flag';
  readonly name?: string;
}

/** A value as it was written, and the folder that relative paths in it start from. */
interface Written {
  readonly raw: unknown;
  readonly origin: Origin;
  readonly base: string;
}

/** One place where settings are written down. */
export type Layer = (path: string, names: { flag?: string; env?: string }) => Written | undefined;

export type FlagValue = string | number | boolean;

export function flagLayer(flags: Readonly<Record<string, FlagValue | undefined>>, cwd: string): Layer {
  return (path, { flag = `--${path}` }) => {
    const raw = flags[path];
    return raw === undefined ? undefined : { raw, origin: { from: 'flag', name: flag }, base: cwd };
  };
}

/** An empty variable counts as unset: that is how compose files leave one out. */
export function envLayer(env: Readonly<Record<string, string | undefined>>, cwd: string): Layer {
  return (_path, { env: name = '' }) =>
    env[name] ? { raw: env[name], origin: { from: 'env', name }, base: cwd } : undefined;
}

export function fileLayer(file: ConfigFile): Layer {
  return (path) => {
    const keys = path.split('.');
    const name = `${file.name}:${file.lineOf(keys)}`;
    return written(file.values, keys, { from: 'file', name }, dirname(file.path));
  };
}

/** A key left empty counts as left out: that is what remains when all below it is commented out. */
function written(values: unknown, keys: readonly string[], origin: Origin, base: string): Written | undefined {
  const raw = valueAt(values, keys);
  return raw === undefined || raw === null ? undefined : { raw, origin, base };
}

/** Reads settings, each from the first layer that has it, and collects what is wrong with them. */
export class SettingReader {
  readonly problems: string[] = [];
  /** By path, for every setting read so far. */
  readonly origins = new Map<string, Origin>();
  readonly #layers: readonly Layer[];
  readonly #home: string;

  constructor(layers: readonly Layer[], home: string) {
    this.#layers = layers;
    this.#home = home;
  }

  readGroup({ members }: Group, prefix: string, places: Places): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const [name, entry] of Object.entries(members)) {
      const path = prefix + fileKey(name, entry);
      if (entry.type === 'group') values[name] = this.readGroup(entry, `${path}.`, places);
      else if (entry.type === 'list') values[name] = this.#readList(entry.item, path, places);
      else values[name] = this.read(entry, path, places);
    }
    return values;
  }

  read<T>(setting: Setting<T>, path: string, places: Places): T {
    const found = this.#find(path, outsideNames(path, setting));
    this.origins.set(path, found?.origin ?? { from: 'default' });
    if (!found) return this.#absolute(setting, setting.default(places), '/');
    const { success, data } = setting.kind.schema.safeParse(found.raw);
    if (success) return this.#absolute(setting, data, found.base);
    this.problems.push(problemWith(setting, found));
    return setting.default(places);
  }

  #find(path: string, names: { flag?: string; env?: string } = {}): Written | undefined {
    for (const layer of this.#layers) {
      const found = layer(path, names);
      if (found) return found;
    }
    return undefined;
  }

  /** Lists stand in the file alone; each item is read as a small file of its own. */
  #readList(item: Group, path: string, places: Places): Record<string, unknown>[] {
    const list = this.#find(path);
    this.origins.set(path, list?.origin ?? { from: 'default' });
    if (!list || !Array.isArray(list.raw)) return [];
    return list.raw.map((values) => {
      const layer: Layer = (key) => written(values, key.split('.'), list.origin, list.base);
      return new SettingReader([layer], this.#home).readGroup(item, '', places);
    });
  }

  #absolute<T>(setting: Setting<T>, value: T, base: string): T {
    if (!setting.kind.path || typeof value !== 'string') return value;
    return resolve(base, expandHome(value, this.#home)) as T;
  }
}

/** Shells expand `~` in a flag, nobody does in a file or a variable. */
export function expandHome(path: string, home: string): string {
  if (isAbsolute(path)) return path;
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}

function problemWith({ kind }: Setting<unknown>, { raw, origin }: Written): string {
  const serviceLink = origin.from === 'env' && String(raw).startsWith('tcp://');
  const hint = serviceLink
    ? ' (Kubernetes sets this for a service named anura; enableServiceLinks: false stops it)'
    : '';
  return `${origin.name}: ${expected(kind.expected, raw, kind)}${hint}`;
}
