import { type Context, printJson, printLine, printWarning } from '../context.ts';
import { Failure, failureLines } from '../failure.ts';
import { maskedKey } from '../profiles/profile.ts';
import { ProfileStore } from '../profiles/profile-store.ts';
import { table } from '../terminal/table.ts';

interface ProfileOptions {
  readonly json?: boolean;
}

interface ListedProfile {
  readonly name: string;
  readonly current: boolean;
  readonly url?: string;
  /** How it begins. */
  readonly key?: string;
  /** Why the profile cannot be used. */
  readonly error?: string;
}

export function listProfiles(options: ProfileOptions, context: Context): void {
  const store = new ProfileStore(context);
  const inUse = context.env['ANURA_PROFILE'] || store.current();
  const listed = store.names().map((name) => describe(name, name === inUse, store));
  if (options.json) printJson(context.stdout, listed);
  else if (listed.length === 0) printLine(context.stderr, 'No profile is saved. `anura login` makes one.');
  else showProfiles(listed, context);
}

function showProfiles(listed: readonly ListedProfile[], context: Context): void {
  const rows = listed.map(({ name, current, url, key, error }) => [
    current ? '*' : '',
    name,
    url ?? '-',
    key ?? '-',
    error ?? '',
  ]);
  printLine(context.stdout, table(['', 'NAME', 'SERVER', 'KEY', ''], rows));
  for (const variable of ['ANURA_URL', 'ANURA_API_KEY'])
    if (context.env[variable]) printWarning(context, `${variable} is set and goes before any profile.`, {});
}

function describe(name: string, current: boolean, store: ProfileStore): ListedProfile {
  try {
    const profile = store.read(name);
    return { name, current, ...(profile && { url: profile.url, key: maskedKey(profile.key) }) };
  } catch (error) {
    return { name, current, error: failureLines(error).join(' ') };
  }
}

export async function useProfile(name: string, options: ProfileOptions, context: Context): Promise<void> {
  const store = new ProfileStore(context);
  const profile = store.read(name) ?? missing(name);
  await store.choose(name);
  if (options.json) return printJson(context.stdout, { profile: name, url: profile.url });
  printLine(context.stdout, `Commands talk to ${profile.url} from now on.`);
}

/** @param name the current one when absent */
export function logout(name: string | undefined, options: ProfileOptions, context: Context): void {
  const store = new ProfileStore(context);
  const chosen = name ?? (context.env['ANURA_PROFILE'] || store.current());
  if (!store.remove(chosen)) missing(chosen);
  if (options.json) printJson(context.stdout, { profile: chosen, removed: true });
  else
    printLine(context.stdout, `Forgot the profile ${chosen}. Its key is still valid: \`anura keys revoke\` ends one.`);
}

function missing(name: string): never {
  throw new Failure(`There is no profile ${name}. \`anura profiles\` lists them.`);
}
