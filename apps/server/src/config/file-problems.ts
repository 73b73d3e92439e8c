import type { z } from 'zod';
import type { ConfigFile } from './config-file.ts';
import { didYouMean } from './did-you-mean.ts';
import { fileSchema } from './file-schema.ts';
import type { Kind } from './kinds.ts';
import { fileKey, type Group, type GroupList, type Settings } from './setting.ts';
import { valueAt } from './value-at.ts';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** Everything that is wrong in the file, one line each, in the order of the lines. */
export function fileProblems(file: ConfigFile, table: Group): string[] {
  const result = fileSchema(table).safeParse(file.values);
  const found = (result.error?.issues ?? []).flatMap((issue) => mistakes(issue, file, table));
  const lines = found.map(({ path, mistake }) => ({ line: file.lineOf(path), text: `${spell(path)}: ${mistake}` }));
  return lines.sort((a, b) => a.line - b.line).map(({ line, text }) => `${file.name}:${line}: ${text}`);
}

function mistakes(issue: Issue, file: ConfigFile, table: Group): { path: Path; mistake: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      mistake: unknownKey(key, keysAt(table, issue.path)),
    }));
  }
  return [{ path: issue.path, mistake: mistakeAt(issue, file.values, table) }];
}

function mistakeAt(issue: Issue, values: unknown, table: Group): string {
  if (issue.code === 'custom' && issue.message.startsWith('expected')) return issue.message;
  const { kind, inside } = kindAt(table, issue.path);
  if (issue.code === 'invalid_key') return expected(kind?.expectedName ?? 'another name', issue.path.at(-1));
  const value = valueAt(values, issue.path);
  if (!kind)
    return expected(`a ${Array.isArray(valueAt(values, issue.path.slice(0, -1))) ? 'mapping' : 'section'}`, value);
  return expected((inside && kind.expectedItem) || kind.expected, value, kind);
}

/** `expected a port, got "x"`; of a secret it says only that it was there. */
export function expected(what: string, value: unknown, kind?: Kind<unknown>): string {
  return `expected ${what}, ${value === undefined || value === null ? 'got nothing' : `got ${show(value, kind)}`}`;
}

function show(value: unknown, kind: Kind<unknown> | undefined): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (kind?.secret) return 'a value that is not shown here';
  const shown = JSON.stringify(value).replace(/\/\/[^/"]*@/, '//***@'); // a URL may carry a password
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known);
  return meant ? `unknown key, did you mean "${meant}"?` : `unknown key, known here are ${known.join(', ')}`;
}

/** `providers[1].url` */
function spell(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

type Entry = Settings[string];

function memberOf({ members }: Group | GroupList['item'], key: PropertyKey): Entry | undefined {
  return Object.entries(members).find(([name, entry]) => fileKey(name, entry) === key)?.[1];
}

/** What the table has at a path, and whether the path goes on into a value of it. */
function entryAt(table: Group, path: Path): { entry: Entry | undefined; inside: boolean } {
  let entry: Entry | undefined = table;
  for (const key of path) {
    if (entry?.type === 'setting') return { entry, inside: true };
    if (entry?.type === 'list') entry = entry.item;
    else if (entry?.type === 'group') entry = memberOf(entry, key);
  }
  return { entry, inside: false };
}

function kindAt(table: Group, path: Path): { kind?: Kind<unknown>; inside: boolean } {
  const { entry, inside } = entryAt(table, path);
  return entry?.type === 'setting' ? { kind: entry.kind, inside } : { inside };
}

function keysAt(table: Group, path: Path): string[] {
  const { entry } = entryAt(table, path);
  if (entry?.type !== 'group') return [];
  return Object.entries(entry.members).map(([name, member]) => fileKey(name, member));
}
