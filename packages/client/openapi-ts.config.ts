import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
  input: '../../openapi/generated/openapi.json',
  output: { path: 'src/generated', clean: true, module: { extension: '.js' } },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
});
