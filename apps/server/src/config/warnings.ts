import { didYouMean } from './did-you-mean.ts';
import { listSettings } from './setting.ts';
import { type Config, settings } from './settings.ts';

/** Variables that are no settings but are read: by the loader itself and by the `anura` command. */
const otherVariables = ['ANURA_CONFIG', 'ANURA_HOME', 'ANURA_URL', 'ANURA_DEBUG'];

/** Variables with a setting's name but for a slip. Others that begin with `ANURA_` may be somebody else's. */
export function misspelledVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set([...otherVariables, ...[...listSettings(settings)].flatMap(({ env }) => env ?? [])]);
  const names = [...known].map((name) => name.slice('ANURA_'.length));
  const strangers = Object.keys(env).filter((name) => name.startsWith('ANURA_') && !known.has(name));
  return strangers.flatMap((name) => {
    const meant = didYouMean(name.slice('ANURA_'.length), names);
    return meant ? [`${name} is not a setting and was ignored; did you mean ANURA_${meant}?`] : [];
  });
}

/** A key that can be guessed matters once others can reach the port. */
export function exposureWarnings({ apiKey, host }: Pick<Config, 'apiKey' | 'host'>): string[] {
  const onlyHere = ['127.0.0.1', 'localhost', '::1'].includes(host);
  if (onlyHere || !apiKey || apiKey.reveal().length >= 32) return [];
  return [
    'api_key is short enough to be guessed and the server listens beyond this machine; use 32 characters or more',
  ];
}
