/** What a page pays that only chats, minified and gzipped. OpenAI's own client stands beside it, for comparison. */
export default [
  { name: 'a page that chats', path: 'dist/index.js', import: '{ createAnura }', gzip: true, limit: '12 kB' },
  { name: 'the same with openai', path: 'node_modules/openai/index.mjs', import: '{ OpenAI }', gzip: true },
];
