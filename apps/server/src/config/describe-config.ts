import { Document, isCollection, type Node, type Pair, YAMLMap } from 'yaml';
import type { EffectiveConfig } from './config.ts';
import { fileKey, type Group } from './setting.ts';
import type { Origin } from './setting-reader.ts';
import { settings } from './settings.ts';

/**
 * The effective configuration as a file that would give it again, secrets as `***`, each value with where it came from:
 * `port: 9000 # flag --port`.
 */
export function describeConfig(config: EffectiveConfig): string {
  const document = new Document();
  document.contents = mapOf(document, settings, withoutFoundKeys(config), (path) => originOf(config, path)) as never;
  document.commentBefore = ` ${config.file ? `Read from ${config.file}` : 'No configuration file'}`;
  return document.toString({ lineWidth: 0 });
}

/** The same as plain data: the values as in a file, and by path where each came from. */
export function describeConfigAsJson(config: EffectiveConfig): Record<string, unknown> {
  const values = fileValues(settings, withoutFoundKeys(config));
  return { file: config.file ?? null, values, origins: Object.fromEntries(config.origins) };
}

/** Values under the file's names, written as one writes them in the file. What is not set is left out. */
function fileValues({ members }: Group, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const pairs = Object.entries(members).map(([name, entry]) => {
    const value = values[name];
    const key = fileKey(name, entry);
    if (entry.type === 'group') return [key, fileValues(entry, value as Record<string, unknown>)];
    if (entry.type === 'list')
      return [key, (value as Record<string, unknown>[]).map((item) => fileValues(entry.item, item))];
    return [key, entry.kind.print(value)];
  });
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function mapOf(document: Document, group: Group, values: object, originAt: (path: string) => string): YAMLMap {
  const map = new YAMLMap(document.schema);
  const printed = fileValues(group, values as Record<string, unknown>);
  for (const [name, entry] of Object.entries(group.members)) {
    const key = fileKey(name, entry);
    if (!(key in printed)) continue;
    if (entry.type === 'group') {
      const section = (values as Record<string, object>)[name] ?? {};
      map.items.push(
        document.createPair(
          key,
          mapOf(document, entry, section, (path) => originAt(`${key}.${path}`)),
        ),
      );
    } else map.items.push(withComment(document.createPair(key, printed[key]), originAt(key)));
  }
  return map;
}

/** After a value on one line, above a block. */
function withComment(pair: Pair, text: string): Pair {
  const { key, value } = pair as Pair<Node, Node | null>;
  const isBlock = isCollection(value) && value.items.length > 0;
  if (isBlock) key.commentBefore = ` ${text}`;
  else if (value) value.comment = ` ${text}`;
  return pair;
}

/** A key that a variable gave is named by `key_env` already; the file cannot hold both. */
function withoutFoundKeys(config: EffectiveConfig): Record<string, unknown> {
  const providers = config.providers.map((provider) => (provider.keyEnv ? { ...provider, key: undefined } : provider));
  return { ...config, providers };
}

function originOf({ origins }: EffectiveConfig, path: string): string {
  const { from, name }: Origin = origins.get(path) ?? { from: 'default' };
  return name ? `${from} ${name}` : from;
}
