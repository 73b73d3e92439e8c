// Copies node-llama-cpp into dist/ as it is, except for what it compiles llama.cpp from.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('..', import.meta.resolve('node-llama-cpp')));
const target = fileURLToPath(new URL('../dist', import.meta.url));
/** Its licence stands in NOTICE: with a file of that name anywhere in the package, pnpm leaves ours out. */
const leftOut =
  /(\.map|[/\\]LICENSE|[/\\]llama[/\\](gitRelease\.bundle|addon|cmake|toolchains|xpack|CMakeLists\.txt))$/;

rmSync(target, { recursive: true, force: true });
for (const part of ['dist', 'llama'])
  cpSync(join(source, part), join(target, part), {
    recursive: true,
    dereference: true,
    filter: (path) => !leftOut.test(path),
  });

// What its code reads of its own package.json, and what Node does.
const { version, type } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Record<string, string>;
writeFileSync(join(target, 'package.json'), `${JSON.stringify({ version, type })}\n`);
