import type { EffectiveConfig, ProviderConfig } from '@anura/server/config';
import { countOf } from '../terminal/amounts.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const ollamaUrl = 'http://127.0.0.1:11434';
const timeoutMs = 3000;

/** An Ollama on this machine. None is fine. */
export async function checkOllama({ discoverOllama }: Pick<EffectiveConfig, 'discoverOllama'>): Promise<Finding> {
  if (!discoverOllama) return ok('ollama', 'not looked for (discover_ollama is false)');
  const answer = await ask(`${ollamaUrl}/api/tags`, {});
  if (!answer.ok) return ok('ollama', 'none on this machine');
  const { models } = answer.body as { models?: unknown[] };
  return ok('ollama', `found, with ${countOf(models?.length ?? 0, 'model')}`);
}

/** Whether each configured server answers and takes its key. */
export function checkUpstreams({ providers }: Pick<EffectiveConfig, 'providers'>): Promise<Finding[]> {
  return Promise.all(providers.map(checkUpstream));
}

async function checkUpstream(provider: ProviderConfig): Promise<Finding> {
  const check = `provider ${provider.name}`;
  const list = provider.engine === 'ollama' ? '/api/tags' : '/models';
  let answer = await ask(provider.url + list, headersFor(provider));
  // An Ollama has this one, and nothing at the other.
  if (answer.status === 404 && provider.engine === 'auto')
    answer = await ask(`${provider.url}/api/tags`, headersFor(provider));
  if (answer.ok) return ok(check, `answers at ${provider.url}`);
  if (answer.status === 401 || answer.status === 403) {
    return fail(check, 'refuses its key', 'Correct key, key_env or headers in the configuration.');
  }
  if (answer.status === undefined) {
    return warn(
      check,
      `${provider.url} cannot be reached (${answer.reason})`,
      'Start it, or correct its url; the others go on without it.',
    );
  }
  return warn(
    check,
    `${provider.url} answers ${answer.status} when asked for its models`,
    'Check its url: an OpenAI-compatible one usually ends in /v1.',
  );
}

function headersFor({ key, headers }: ProviderConfig): Record<string, string> {
  const own = Object.fromEntries([...headers].map(([name, value]) => [name, value.reveal()]));
  return { ...(key && { Authorization: `Bearer ${key.reveal()}` }), ...own };
}

interface Answer {
  readonly ok: boolean;
  readonly status?: number;
  readonly reason?: string;
  readonly body?: unknown;
}

/** Redirects are not followed: they could lead anywhere, with the key. */
async function ask(url: string, headers: Record<string, string>): Promise<Answer> {
  try {
    const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const body: unknown = await response.json().catch(() => undefined);
    return { ok: response.ok && typeof body === 'object' && body !== null, status: response.status, body };
  } catch (error) {
    const cause = (error as Error).cause as { code?: string } | undefined;
    return { ok: false, reason: cause?.code ?? (error as Error).name };
  }
}
