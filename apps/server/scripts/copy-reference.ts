// Puts Scalar's browser bundle beside the built server, so that /docs works offline and from the published package.
import { copyFileSync } from 'node:fs';

const bundle = new URL('browser/standalone.js', import.meta.resolve('@scalar/api-reference'));
copyFileSync(bundle, new URL('../dist/reference.js', import.meta.url));
