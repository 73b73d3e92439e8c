import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startChild } from '../processes/child-process.ts';
import { freePort } from '../processes/free-port.ts';
import { untilAnswers } from '../processes/until-answers.ts';
import type { Target } from './target.ts';

const script = fileURLToPath(
  new URL('../../portkey/node_modules/@portkey-ai/gateway/build/start-server.js', import.meta.url),
);

export const portkeyIsInstalled = (): boolean => existsSync(script);

/** Starts Portkey's gateway in front of an OpenAI-compatible upstream, without its console. */
export async function startPortkey(upstreamOrigin: string): Promise<Target> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = startChild([script, '--headless', `--port=${port}`], {
    env: { NODE_ENV: 'production' },
    stderr: 'ignore',
  });
  child.process.stdout?.resume();
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers(origin);
  return {
    name: 'portkey',
    pid: child.pid,
    origin,
    path: '/v1/chat/completions',
    headers: {
      authorization: 'Bearer none',
      'content-type': 'application/json',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstreamOrigin}/v1`,
    },
    readyMs: performance.now() - startedAt,
    stop: () => child.stop(),
  };
}
