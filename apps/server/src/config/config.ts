import { join, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { fileProblems } from './file-problems.ts';
import { Secret } from './secret.ts';
import {
  envLayer,
  expandHome,
  type FlagValue,
  fileLayer,
  flagLayer,
  type Layer,
  type Origin,
  SettingReader,
} from './setting-reader.ts';
import { type Config, type ProviderConfig, settings } from './settings.ts';
import { exposureWarnings, misspelledVariables } from './warnings.ts';

export interface ConfigInputs {
  /** By the setting's path in the file, e.g. `{port: 0, 'log.level': 'debug'}`, and `config` for the file; undefined is not given. */
  readonly flags?: Readonly<Record<string, FlagValue | undefined>>;
  /** The environment, e.g. `process.env`. `.env` files are not read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; flags and variables are relative to it, and `anura.config.yaml` is looked for here. */
  readonly cwd: string;
  /** The user's home folder. */
  readonly home: string;
}

/** What the server runs with. Secrets in it are `Secret`s, which print as `***`. */
export interface EffectiveConfig extends Config {
  /** The file it was read from, absolute; absent when there was none. */
  readonly file?: string;
  /** Where each value came from, by its path in the file. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Nothing is wrong, but something may not be meant: worth saying at start. */
  readonly warnings: readonly string[];
}

/**
 * Flags over environment over file over defaults, checked. Throws a `ConfigError` that lists everything wrong.
 *
 * @example loadConfig({ flags: { port: 0 }, env: process.env, cwd: process.cwd(), home: homedir() })
 */
export function loadConfig({ flags = {}, env, cwd, home }: ConfigInputs): EffectiveConfig {
  const file = readConfigFile(namedFile(flags, env, home), cwd);
  const problems = file ? fileProblems(file, settings) : [];
  // Values of a broken file would be reported twice; flags and variables are still checked.
  const fileLayers = file && problems.length === 0 ? [fileLayer(file)] : [];
  const layers = [flagLayer(flags, cwd), envLayer(env, cwd), ...fileLayers];

  const anuraHome = env['ANURA_HOME'] ? resolve(cwd, env['ANURA_HOME']) : join(home, '.anura');
  const places = { anuraHome, dataDir: dataDirFrom(layers, home, anuraHome) };
  const reader = new SettingReader(layers, home);
  const values = reader.readGroup(settings, '', places) as unknown as Config;
  problems.push(...reader.problems, ...(file ? keyProblems(values.providers, env, file) : []));
  if (reader.problems.length === 0) problems.push(...searchProblems(values.search));
  if (problems.length > 0) throw new ConfigError(problems);

  return {
    ...values,
    providers: values.providers.map((provider) => withKey(provider, env)),
    ...(file && { file: file.path }),
    origins: reader.origins,
    warnings: [...misspelledVariables(env), ...exposureWarnings(values)],
  };
}

/** Read before the rest, because other folders stand in it unless they are set. */
function dataDirFrom(layers: readonly Layer[], home: string, anuraHome: string): string {
  return new SettingReader(layers, home).read(settings.members.dataDir, 'data_dir', { anuraHome, dataDir: anuraHome });
}

function namedFile(flags: NonNullable<ConfigInputs['flags']>, env: ConfigInputs['env'], home: string) {
  const name = flags['config'] ?? (env['ANURA_CONFIG'] || undefined);
  return name === undefined ? undefined : expandHome(String(name), home);
}

/** A provider's key stands in the file or in a variable, and the variable is there. */
function keyProblems(providers: readonly ProviderConfig[], env: ConfigInputs['env'], file: ConfigFile): string[] {
  return providers.flatMap(({ key, keyEnv }, index) => {
    if (keyEnv === undefined) return [];
    const place = `${file.name}:${file.lineOf(['providers', index, 'key_env'])}: providers[${index}].key_env`;
    if (key) return [`${place}: expected key or key_env, got both`];
    return env[keyEnv] ? [] : [`${place}: expected the name of a variable that is set, got "${keyEnv}", which is not`];
  });
}

/** What an engine cannot do without. */
function searchProblems({ engine, url, key }: Config['search']): string[] {
  if (engine === 'searxng' && url === undefined)
    return ['search.url: expected the address of SearXNG, because search.engine is searxng; got nothing'];
  if (engine === 'brave' && key === undefined)
    return ['search.key: expected a subscription token, because search.engine is brave; got nothing'];
  return [];
}

function withKey(provider: ProviderConfig, env: ConfigInputs['env']): ProviderConfig {
  const key = provider.keyEnv && env[provider.keyEnv];
  return key ? { ...provider, key: new Secret(key) } : provider;
}
