// Run in a folder of packages/onnxruntime named for a system (linux-x64): copies into dist/ the JavaScript of onnxruntime-node
// and its library for that system alone, in the layout it expects.
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const folder = process.cwd();
const system = basename(folder).replace('-', '/');
const source = dirname(createRequire(join(folder, 'package.json')).resolve('onnxruntime-node/package.json'));
const target = join(folder, 'dist');

rmSync(target, { recursive: true, force: true });
cpSync(join(source, 'dist'), join(target, 'lib'), { recursive: true, filter: (path) => !path.endsWith('.map') });
cpSync(join(source, 'bin/napi-v6', system), join(target, 'bin/napi-v6', system), { recursive: true });
