import { type Anura, createAnura } from '@anura/client';
import { type Context, printWarning } from './context.ts';
import { Failure } from './failure.ts';
import { fetchInTime } from './fetch-in-time.ts';
import type { Profile } from './profiles/profile.ts';
import { ProfileStore } from './profiles/profile-store.ts';
import { checkServerUrl, isSameServer } from './server-url.ts';

export interface ConnectionOptions {
  readonly url?: string;
  readonly key?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

/** Where a command turns to, and as whom. */
export interface Place {
  readonly url: string;
  /** False when nothing says where, and `url` is the usual place. */
  readonly isNamed: boolean;
  readonly key: string | undefined;
}

type Surroundings = Pick<Context, 'env' | 'home' | 'stderr'>;

const patienceMs = 30_000;

/** Where `anura serve` listens unless told otherwise. */
export const defaultUrl = 'http://127.0.0.1:8484';

/** A client of the server that the options, the environment or a profile name. */
export function connect(options: ConnectionOptions, context: Context): Anura {
  const { url, key } = findPlace(options, context);
  return createAnura({ baseUrl: url, apiKey: key, retries: 0, fetch: fetchInTime(patienceMs) });
}

/**
 * What is nearer wins: flags, then variables, then the current profile, then the address `anura serve` has by default. A
 * profile named with `--profile` is a flag too. The key of a profile goes to the server it was saved for and to no other.
 */
export function findPlace(options: ConnectionOptions, context: Surroundings): Place {
  const { env } = context;
  const profile = options.url && options.key ? undefined : findProfile(options, context);
  const flag = options.profile === undefined ? undefined : profile;
  const named = options.url ?? flag?.url ?? (env['ANURA_URL'] || profile?.url);
  const url = checkServerUrl(named ?? defaultUrl);
  const savedKey = (from: Profile | undefined) => (from && isSameServer(url, from.url) ? from.key : undefined);
  const key = options.key ?? savedKey(flag) ?? (env['ANURA_API_KEY'] || savedKey(profile));
  return { url, isNamed: named !== undefined, key };
}

function findProfile(options: ConnectionOptions, context: Surroundings): Profile | undefined {
  const store = new ProfileStore(context);
  const asked = options.profile ?? (context.env['ANURA_PROFILE'] || undefined);
  const name = asked ?? store.current();
  const profile = store.read(name);
  if (!profile && asked !== undefined)
    throw new Failure(
      `There is no profile ${name}. \`anura login --profile ${name}\` makes it, \`anura profiles\` lists them.`,
    );
  const exposed = profile && store.exposedFile(name);
  if (exposed) printWarning(context, `Others on this machine can read the key in ${exposed}: chmod 600 it.`, options);
  return profile;
}
