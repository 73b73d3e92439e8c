import { usageFailure } from '../failure.ts';

/** A server and the key for it, under a name. */
export interface Profile {
  readonly name: string;
  readonly url: string;
  readonly key: string;
}

/** The one `anura login` makes when no other is named. */
export const defaultProfile = 'default';

/** Names become file names, so they hold nothing that means something in a path, and no capitals, which some disks do not tell apart. */
export function checkedProfileName(name: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,39}$/.test(name)) return name;
  throw usageFailure(
    `A profile cannot be called ${JSON.stringify(name)}: use up to 40 small letters, digits, - and _, like work.`,
  );
}

/** How a key is shown: enough to tell it from others, as `anura keys list` does. */
export function maskedKey(key: string): string {
  return key.length >= 20 ? `${key.slice(0, 8)}…` : '…';
}
