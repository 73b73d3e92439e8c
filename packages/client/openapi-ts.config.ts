import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
  input: '../../openapi/generated/openapi.json',
  // Followed by hand (job-events.ts): the generated call asks again for ever. Orphans are what only streams consist of.
  parser: { filters: { operations: { exclude: ['GET /jobs/{id}/events'] }, orphans: true } },
  output: { path: 'src/generated', clean: true, module: { extension: '.js' } },
  plugins: [
    { name: '@hey-api/client-fetch', throwOnError: true },
    '@hey-api/typescript',
    // No client of its own: each operation is told which server it is for.
    { name: '@hey-api/sdk', client: false },
    '@tanstack/react-query',
    'zod',
  ],
});
