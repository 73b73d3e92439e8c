import { request } from 'undici';
import { readText } from './upstream/read-body.ts';

export interface FindOllamaOptions {
  /** Default 11434. */
  readonly port?: number;
  /** How long an answer may take, milliseconds. Default 300: it is this machine. */
  readonly timeoutMs?: number;
}

const maxVersionBytes = 64 * 1024;

/** The base URL of an Ollama on this machine, for example `http://127.0.0.1:11434`; undefined when there is none. Never throws. */
export async function findLocalOllama({
  port = 11434,
  timeoutMs = 300,
}: FindOllamaOptions = {}): Promise<string | undefined> {
  const baseUrl = `http://127.0.0.1:${port}`;
  try {
    const { statusCode, body } = await request(`${baseUrl}/api/version`, { signal: AbortSignal.timeout(timeoutMs) });
    const answer = JSON.parse(await readText(body, maxVersionBytes));
    return statusCode === 200 && typeof answer?.version === 'string' ? baseUrl : undefined;
  } catch {
    return undefined;
  }
}
