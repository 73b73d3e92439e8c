import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['openapi', 'packages/*', 'apps/*', 'examples/check'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});
