import type { ChatCompletionRequest, Explanation } from '@anura/client';
import { type ConnectionOptions, connect } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { countOf } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { table } from '../terminal/table.ts';

export interface ExplainOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly model: string;
  readonly prompt: string;
  readonly vision?: boolean;
  readonly tools?: boolean;
}

export async function explain(options: ExplainOptions, context: Context): Promise<void> {
  const body = { kind: 'chat' as const, request: requestOf(options) };
  const explanation = await connect(options, context).explain(body, { signal: context.signal });
  if (options.json) return printJson(context.stdout, explanation);
  for (const line of describe(explanation, options.model)) printLine(context.stdout, printable(line));
}

/** One black pixel: enough for a request to count as one with an image. */
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

function requestOf({ model, prompt, vision, tools }: ExplainOptions): ChatCompletionRequest {
  const text = prompt || 'Hello';
  const content = vision
    ? [
        { type: 'text' as const, text },
        { type: 'image_url' as const, image_url: { url: pixel } },
      ]
    : text;
  const tool = { type: 'function' as const, function: { name: 'look_up', parameters: { type: 'object' } } };
  return { model, messages: [{ role: 'user', content }], ...(tools && { tools: [tool] }) };
}

function describe({ candidates, refusals, expected_wait_ms, queue_position }: Explanation, model: string): string[] {
  const lines: string[] = [];
  if (candidates.length === 0) lines.push(`Nobody can run it on ${model}.`);
  else {
    const rows = candidates.map((candidate) => [
      candidate.provider,
      candidate.model,
      candidate.loaded ? 'loaded' : 'cold',
      `${candidate.busy} of ${candidate.slots} busy`,
      `${Math.round(candidate.expected_wait_ms)} ms`,
      candidate.reasons.join('; '),
    ]);
    lines.push(table(['PROVIDER', 'MODEL', 'STATE', 'SLOTS', 'WAIT', 'WHY'], rows));
    const ahead = queue_position ? `, ${countOf(queue_position, 'request')} first` : '';
    lines.push('', `It would start in about ${Math.round(expected_wait_ms ?? 0)} ms${ahead}.`);
  }
  if (refusals.length > 0)
    lines.push('', 'Not these:', ...refusals.map(({ provider, model, reason }) => `  ${provider}/${model}: ${reason}`));
  return lines;
}
