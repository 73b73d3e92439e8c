import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    operations: 'src/operations.ts',
    'react-query': 'src/react-query.ts',
    zod: 'src/zod.ts',
  },
  format: ['esm', 'cjs'],
  dts: true,
  platform: 'neutral',
  target: 'es2022',
  treeshake: { moduleSideEffects: 'no-external' },
  // What core's browser-safe root has is ours too; users install this package alone.
  deps: { alwaysBundle: ['@anura/core'], dts: { alwaysBundle: ['@anura/core'], neverBundle: ['@anura/openapi'] } },
});
