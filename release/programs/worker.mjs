// A worker: no Node, no file system. The bindings are what its operator configured.

import { chatOnce } from './chat-once.mjs';
import { createAnura } from './node_modules/@anura/client/dist/index.js';

export default {
  fetch: async (_request, { ANURA_URL: baseUrl, ANURA_API_KEY: apiKey }) =>
    new Response(await chatOnce(createAnura, { baseUrl, apiKey })),
};
