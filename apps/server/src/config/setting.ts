import type { Kind } from './kinds.ts';

/** Where the defaults of paths hang. */
export interface Places {
  /** `ANURA_HOME`, or `.anura` in the user's home folder. */
  readonly anuraHome: string;
  readonly dataDir: string;
}

/** One thing an operator may set. Its name in the file, its flag and its variable follow from where it stands in the table. */
export interface Setting<T> {
  readonly type: 'setting';
  readonly kind: Kind<T>;
  /** Must be given: only for what stands in a list. */
  readonly required: boolean;
  readonly default: (places: Places) => T;
  /** One sentence for the help, the reference and the printed configuration. */
  readonly doc: string;
}

/** Settings that belong together: a section of the file. */
export interface Group<Members extends Settings = Settings> {
  readonly type: 'group';
  readonly title: string;
  readonly members: Members;
}

/** A list of such sections, for the file only. */
export interface GroupList<Members extends Settings = Settings> {
  readonly type: 'list';
  readonly doc: string;
  readonly item: Group<Members>;
  /** What must hold between the items, as [path, mistake] pairs; it sees only lists in which each item is right. */
  readonly check?: (
    items: readonly Record<string, unknown>[],
  ) => Iterable<readonly [path: PropertyKey[], mistake: string]>;
}

export interface Settings {
  readonly [name: string]: Setting<unknown> | Group | GroupList;
}

/** The values a table of settings describes, under the names code uses. */
export type ValuesOf<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer T>
    ? T
    : S[Name] extends Group<infer Members>
      ? ValuesOf<Members>
      : S[Name] extends GroupList<infer Members>
        ? readonly ValuesOf<Members>[]
        : never;
};

export function setting<T>(kind: Kind<T>, fallback: NoInfer<T> | ((places: Places) => T), doc: string): Setting<T> {
  const makeDefault = typeof fallback === 'function' ? (fallback as (places: Places) => T) : () => fallback;
  return { type: 'setting', kind, required: false, default: makeDefault, doc };
}

export function required<T>(kind: Kind<T>, doc: string): Setting<T> {
  const absent = () => {
    throw new Error('A required setting has no default.');
  };
  return { type: 'setting', kind, required: true, default: absent, doc };
}

export function group<Members extends Settings>(title: string, members: Members): Group<Members> {
  return { type: 'group', title, members };
}

export function groupList<Members extends Settings>(
  doc: string,
  item: Group<Members>,
  check?: GroupList['check'],
): GroupList<Members> {
  return { type: 'list', doc, item, ...(check && { check }) };
}

/** `bodyLimitBytes` → `body_limit`: how the file spells a name. The unit goes, the value carries its own there. */
export function fileKey(name: string, entry: Settings[string]): string {
  const unit = entry.type === 'setting' ? (entry.kind.unit ?? '') : '';
  const bare = name.endsWith(unit) ? name.slice(0, name.length - unit.length) : name;
  return bare.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A setting with the names the outside knows it by. */
export interface NamedSetting {
  /** In the file, e.g. `log.level`. */
  readonly path: string;
  /** On the command line, e.g. `--log-level`; absent when only the file can hold it. */
  readonly flag?: string;
  /** In the environment, e.g. `ANURA_LOG_LEVEL`. */
  readonly env?: string;
  /** The title of its section. */
  readonly section: string;
  readonly setting: Setting<unknown>;
}

/** Every setting outside lists, in the order of the table. */
export function* listSettings({ title, members }: Group, prefix = ''): Generator<NamedSetting> {
  for (const [name, entry] of Object.entries(members)) {
    const path = prefix + fileKey(name, entry);
    if (entry.type === 'group') yield* listSettings(entry, `${path}.`);
    if (entry.type === 'setting') yield { path, ...outsideNames(path, entry), section: title, setting: entry };
  }
}

/** `log.level` → `--log-level` and `ANURA_LOG_LEVEL`: one rule without exceptions. */
export function outsideNames(path: string, { kind }: Setting<unknown>): { flag?: string; env?: string } {
  if (kind.fileOnly) return {};
  return {
    flag: `--${path.replaceAll(/[._]/g, '-')}`,
    env: `ANURA_${path.replaceAll('.', '_').toUpperCase()}`,
  };
}
