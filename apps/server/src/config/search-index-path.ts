import { join } from 'node:path';

/** Where the documents of the local search are kept: the server reads there, `anura search add` writes there. */
export const searchIndexPath = (dataDir: string): string => join(dataDir, 'search.sqlite');
