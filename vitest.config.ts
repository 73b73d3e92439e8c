import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Every folder with tests is a project of its own, under the settings of this file. */
const folders = [
  'openapi',
  ...globSync(['packages/*/src', 'apps/*/src']).map((source) => dirname(source)),
  'bench',
  'examples/check',
  'release',
];

export default defineConfig({
  test: {
    projects: folders.map((root) => ({ extends: true, root, test: { name: root } })),
    // Generous, because what runs beside the tests is not ours to choose; what must be quick says so itself.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    // What we bring along of others is built already, and not ours to transform.
    server: { deps: { external: [/\/dist\/vendor\//, /\/packages\/(node-llama-cpp|onnxruntime)\//] } },
  },
});
