import { get, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';

interface FindOllamaOptions {
  /** Default 11434. */
  readonly port?: number;
  /** How long an answer may take, milliseconds. Default 300: it is this machine. */
  readonly timeoutMs?: number;
}

/**
 * The base URL of an Ollama on this machine, for example `http://127.0.0.1:11434`; undefined when there is none. Never throws.
 * It asks with Node's own client: most machines have no Ollama, and need not load the engine for one.
 */
export async function findLocalOllama({
  port = 11434,
  timeoutMs = 300,
}: FindOllamaOptions = {}): Promise<string | undefined> {
  const baseUrl = `http://127.0.0.1:${port}`;
  try {
    return (await saysItsVersion(`${baseUrl}/api/version`, timeoutMs)) ? baseUrl : undefined;
  } catch {
    return undefined;
  }
}

const maxVersionBytes = 64 * 1024;

async function saysItsVersion(url: string, timeoutMs: number): Promise<boolean> {
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { signal, agent: false }, resolve).once('error', reject);
  });
  const isSmall = Number(answer.headers['content-length'] ?? 0) <= maxVersionBytes;
  if (answer.statusCode !== 200 || !isSmall) {
    answer.destroy();
    return false;
  }
  const body = (await json(answer)) as { version?: unknown } | null;
  return typeof body?.version === 'string';
}
