import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createAnura } from '@anura/client';
import type { EffectiveConfig } from '@anura/server/config';
import { failureLines } from '../failure.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const timeoutMs = 60_000;

/**
 * Asks the bundled model one question, through a whole server of its own in this process: what works here works in
 * `anura serve`. It listens on a free port of this machine and keeps its data in a folder that is removed again.
 */
export async function checkBundledModel(config: EffectiveConfig): Promise<Finding[]> {
  if (!config.llama.enabled) return [ok('llama', 'not used (llama.enabled is false)')];
  if (!config.llama.bundled) return [ok('bundled model', 'not offered (llama.bundled is false)')];
  const dataDir = await mkdtemp(join(tmpdir(), 'anura-doctor-'));
  try {
    const { answer, logLines } = await askTadpole(trialConfig(config, dataDir));
    return [backEnd(logLines, config), judge(answer)];
  } catch (error) {
    const advice = 'Reinstall Anura with its optional dependencies. `llama.gpu: off` rules out the GPU.';
    return [fail('bundled model', failureLines(error).join(' '), advice)];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function judge(answer: string): Finding {
  if (answer) return ok('bundled model', `tadpole answers: “${answer}”`);
  return warn('bundled model', 'tadpole answers nothing', 'Reinstall Anura: its file may be damaged.');
}

/** What the engine said in the log when it loaded its library. */
function backEnd(logLines: readonly string[], { llama }: EffectiveConfig): Finding {
  const entries = logLines.map((line) => JSON.parse(line) as { gpu?: string | false; maxThreads?: number });
  const loaded = entries.find(({ gpu }) => gpu !== undefined);
  const threads = loaded?.maxThreads === undefined ? '' : `, ${loaded.maxThreads} threads`;
  if (!loaded?.gpu)
    return ok('llama', `loads, on the processor${llama.gpu === 'off' ? ' as configured' : ''}${threads}`);
  return ok('llama', `loads, on the GPU through ${loaded.gpu}${threads}`);
}

function trialConfig(config: EffectiveConfig, dataDir: string): EffectiveConfig {
  return {
    ...config,
    host: '127.0.0.1',
    port: 0,
    dataDir,
    modelsDir: join(dataDir, 'models'),
    discoverOllama: false,
    providers: [],
    aliases: new Map(),
    llama: { ...config.llama, preload: [] },
  };
}

async function askTadpole(config: EffectiveConfig): Promise<{ answer: string; logLines: string[] }> {
  const { createLogger, startServer } = await import('@anura/server');
  const destination = new PassThrough();
  const lines: string[] = [];
  destination.on('data', (line: Buffer) => lines.push(...line.toString().split('\n').filter(Boolean)));
  const server = await startServer(config, { log: createLogger({ level: 'info', format: 'json', destination }) });
  try {
    const anura = createAnura({ baseUrl: server.url, apiKey: server.firstKey ?? config.apiKey?.reveal(), timeoutMs });
    const messages = [{ role: 'user' as const, content: 'What do frogs eat?' }];
    const { choices } = await anura.chat.create({
      model: 'tadpole',
      messages,
      max_tokens: 12,
      temperature: 0,
    });
    return { answer: String(choices[0]?.message.content ?? '').trim(), logLines: lines };
  } finally {
    await server.close();
  }
}
