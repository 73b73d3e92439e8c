import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const repository: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** Where the programs are that play the strangers. */
export const programs: string = fileURLToPath(new URL('../programs', import.meta.url));
