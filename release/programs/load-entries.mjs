// Loads every entry of the packages named as arguments: by import, and by require() where the package offers it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
let loaded = 0;
for (const name of process.argv.slice(2)) {
  const { exports } = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8'));
  for (const [path, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue;
    const entry = `${name}${path.slice(1)}`;
    await import(entry);
    if ('require' in target) require(entry);
    loaded += 1;
  }
}
console.log(`${loaded} entries`);
