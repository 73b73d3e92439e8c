import type { Tool } from '@anura/openapi';
import { jsonFromSchema } from '../json-from-schema.ts';
import { createRandom, hashText } from '../random.ts';
import { tokenize } from '../tokens.ts';
import { type FakeChatRequest, lastUserText } from './read-request.ts';

export interface PlannedToolCall {
  readonly id: string;
  readonly name: string;
  /** The JSON text of the arguments in pieces. */
  readonly arguments: readonly string[];
}

/** Which tools the model calls: what `tool_choice` demands, else those the last question names. */
export function planToolCalls(request: FakeChatRequest, seed: number): PlannedToolCall[] {
  const prompt = lastUserText(request.messages);
  const chosen = chooseTools(request, prompt);
  const wanted = request.parallel_tool_calls === false ? chosen.slice(0, 1) : chosen;
  return wanted.map((tool, index) => {
    const callSeed = hashText(tool.function.name, seed + index);
    const values = jsonFromSchema(tool.function.parameters ?? { type: 'object' }, callSeed, prompt);
    return { id: callId(callSeed), name: tool.function.name, arguments: tokenize(JSON.stringify(values)) };
  });
}

function chooseTools({ tools, tool_choice: choice, messages }: FakeChatRequest, prompt: string): Tool[] {
  const offered = tools ?? [];
  if (offered.length === 0 || choice === 'none') return [];
  if (typeof choice === 'object' && choice !== null) {
    return offered.filter((tool) => tool.function.name === choice.function.name);
  }
  const named = offered.filter((tool) => isNamed(tool.function.name, prompt));
  if (choice === 'required') return named.length > 0 ? named : offered.slice(0, 1);
  // With a tool's result at hand the model answers in words.
  return messages.at(-1)?.role === 'tool' ? [] : named;
}

/** `get_weather` is named by "weather" or by its own name. */
function isNamed(toolName: string, prompt: string): boolean {
  const said = prompt.toLowerCase();
  const parts = toolName.toLowerCase().split(/[_.-]/);
  return said.includes(toolName.toLowerCase()) || parts.some((part) => part.length > 3 && said.includes(part));
}

function callId(seed: number): string {
  const random = createRandom(seed);
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return `call_${Array.from({ length: 20 }, () => letters[Math.floor(random() * letters.length)]).join('')}`;
}
