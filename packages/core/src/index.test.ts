import { isBuiltin } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';

/** The root entry with all it reaches, as one script that puts its exports into `core`. */
async function bundleRoot(): Promise<{ code: string; modules: string[] }> {
  const bundle = await rolldown({
    input: new URL('index.ts', import.meta.url).pathname,
    platform: 'browser',
    treeshake: false,
    external: (id) => isBuiltin(id),
  });
  const { output } = await bundle.generate({ format: 'iife', name: 'core' });
  await bundle.close();
  const [{ code, imports, moduleIds }] = output;
  return { code, modules: [...moduleIds, ...imports] };
}

test('the root entry reaches nothing of Node, and runs where there is nothing but the language', async () => {
  const { code, modules } = await bundleRoot();
  expect(modules.filter((id) => isBuiltin(id))).toEqual([]);
  expect(modules.filter((id) => id.includes('node_modules') && !id.includes('@noble/hashes'))).toEqual([]);
  // What a browser, a worker and Node have alike, and that the hash function asks for; no `process`, no `Buffer`, no `require`.
  const world = createContext({ TextEncoder, TextDecoder });
  const seen = runInContext(
    `${code}; JSON.stringify({
      id: core.isJobId(core.jobId({ model: 'm' })),
      next: core.nextState({ state: 'DealAgreed', failed: false }, 'results-submitted'),
      error: core.GatewayError.is(new core.GatewayError('internal', 'x')),
      code: core.wireErrors['not-found'].code,
      pollDelayMs: core.pollDelayMs({ estimated_seconds: 2 }),
      message: new core.ChatFold().message(),
    })`,
    world,
  );
  expect(JSON.parse(seen)).toEqual({
    id: true,
    next: 'ResultsSubmitted',
    error: true,
    code: 'not_found',
    pollDelayMs: 1000,
    message: { role: 'assistant', content: '' },
  });
});
