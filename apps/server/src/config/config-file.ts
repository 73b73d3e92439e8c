import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';

const defaultFileName = 'anura.config.yaml';

/** A configuration file that is well-formed YAML with a mapping at its top; nothing in it is checked yet. */
export interface ConfigFile {
  /** As the operator wrote it; stands before the line number in messages. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** The line, from 1, of the deepest part of the path that the file has. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Reads the named file, or `anura.config.yaml` in `cwd` when there is one. Throws a `ConfigError`. */
export function readConfigFile(named: string | undefined, cwd: string): ConfigFile | undefined {
  const name = named ?? defaultFileName;
  const path = resolve(cwd, name);
  const text = readText(path, name, named !== undefined);
  return text === undefined ? undefined : parseConfigFile(text, name, path);
}

function readText(path: string, name: string, mustExist: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOENT' && !mustExist) return undefined;
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'it may not be read',
    };
    throw new ConfigError([`${name}: expected a configuration file, but ${reasons[code] ?? code}`]);
  }
}

function parseConfigFile(text: string, name: string, path: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    throw new ConfigError(document.errors.map(({ message, pos: [start] }) => `${name}:${lineAt(start)}: ${message}`));
  }
  const values = toValues(document, name);
  return { name, path, values, lineOf: (keys) => lineAt(offsetOf(document.contents, keys)) };
}

function toValues(document: Document, name: string): Record<string, unknown> {
  let values: unknown;
  try {
    values = document.toJS() ?? {};
  } catch (error) {
    throw new ConfigError([`${name}: ${(error as Error).message}`]); // more aliases inside aliases than anyone needs
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new ConfigError([
      `${name}:1: expected settings like "port: 8484", got ${JSON.stringify(values).slice(0, 80)}`,
    ]);
  }
  return { ...values };
}

/** Where the last key of the path stands that the file has; for an item of a list, where the item begins. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number {
  let node = root;
  let offset = 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key: name }) => String(isScalar(name) ? name.value : name) === String(key));
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
