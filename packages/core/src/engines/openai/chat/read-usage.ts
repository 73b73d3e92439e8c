import type { ChatUsage } from '@anura/openapi';

/**
 * True counts from a chunk: `usage`, Groq's `x_groq.usage`, or llama-server's `timings`. Undefined when the upstream does not
 * say; nothing is estimated here, for a guess that looks like a count would be billed as one.
 */
export function readUsage(chunk: Record<string, unknown>): ChatUsage | undefined {
  const usage = asObject(chunk['usage']) ?? asObject(asObject(chunk['x_groq'])?.['usage']);
  return (usage && fromUsage(usage)) ?? fromTimings(asObject(chunk['timings']));
}

function fromUsage(usage: Record<string, unknown>): ChatUsage | undefined {
  const prompt = count(usage['prompt_tokens']);
  const completion = count(usage['completion_tokens']) ?? (prompt === undefined ? undefined : 0);
  if (prompt === undefined || completion === undefined) return undefined;
  const cached = count(asObject(usage['prompt_tokens_details'])?.['cached_tokens']);
  const reasoning = count(asObject(usage['completion_tokens_details'])?.['reasoning_tokens']);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(cached !== undefined && { prompt_tokens_details: { cached_tokens: cached } }),
    ...(reasoning !== undefined && { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

/** `prompt_n` is what was computed, `cache_n` what was reused: the prompt is both. */
function fromTimings(timings: Record<string, unknown> | undefined): ChatUsage | undefined {
  const computed = count(timings?.['prompt_n']);
  const completion = count(timings?.['predicted_n']);
  if (computed === undefined || completion === undefined) return undefined;
  const cached = count(timings?.['cache_n']) ?? 0;
  const prompt = computed + cached;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached },
  };
}

const count = (value: unknown) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
