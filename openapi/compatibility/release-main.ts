/**
 * Makes the contract as it is the one that `check-main.ts` holds later ones to. Part of a release, after
 * `changeset version`; see docs/decisions/0015-contract-promises.md.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
copyFileSync(join(root, 'generated', 'openapi.json'), join(root, 'released', 'openapi.json'));
console.log('openapi/released/openapi.json is the contract as it is now: commit it with the release.');
