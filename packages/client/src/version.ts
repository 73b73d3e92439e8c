import manifest from '../package.json' with { type: 'json' };

/** The version of this package, which is also that of the contract it was made from. */
export const version: string = manifest.version;
