// Runs worker.mjs in workerd, the runtime of Cloudflare's workers.
import { Miniflare } from 'miniflare';

const { ANURA_URL, ANURA_API_KEY } = process.env;
const worker = new Miniflare({
  modules: true,
  modulesRoot: '.',
  modulesRules: [{ type: 'ESModule', include: ['**/*.mjs', '**/*.js'] }],
  scriptPath: 'worker.mjs',
  compatibilityDate: '2026-07-01',
  bindings: { ANURA_URL, ANURA_API_KEY },
});
try {
  const response = await worker.dispatchFetch('http://worker/');
  const text = await response.text();
  if (!response.ok) throw new Error(`The worker answered ${response.status}: ${text}`);
  console.log(text);
} finally {
  await worker.dispose();
}
