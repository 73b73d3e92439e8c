// An ES module: Node, Deno, Bun.
import { createAnura } from '@anura/client';
import { chatOnce } from './chat-once.mjs';

const { ANURA_URL: baseUrl, ANURA_API_KEY: apiKey } = process.env;
console.log(await chatOnce(createAnura, { baseUrl, apiKey }));
