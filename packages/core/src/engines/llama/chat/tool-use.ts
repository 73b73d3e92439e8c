import type { ChatCompletionRequest, Tool, ToolChoice } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';
import { type CallFormat, readCallFormat } from '../schema/call-format.ts';

/** What a request says about tools. */
export interface ToolUse {
  /** The tools the model is told of. */
  readonly announced: readonly Tool[];
  /** Those it may call. */
  readonly callable: readonly Tool[];
  /** The answer must be a call. */
  readonly demanded: boolean;
  /** One answer may hold several calls. */
  readonly parallel: boolean;
  /** How calls are written; compiled before any model is loaded, so that a wrong schema costs nothing. */
  readonly format: CallFormat;
}

/**
 * Undefined when the answer cannot be a call: no tools, or `tool_choice: "none"`. Then the model is not told of tools at
 * all, which is the surest way that it calls none.
 *
 * Throws `GatewayError('invalid-request')` for a choice that names no tool of the request.
 */
export function chosenTools(request: ChatCompletionRequest): ToolUse | undefined {
  const announced = request.tools ?? [];
  const choice = request.tool_choice ?? 'auto';
  if (announced.length === 0) {
    if (choice === 'auto' || choice === 'none') return undefined;
    throw new GatewayError('invalid-request', 'tool_choice demands a call, but the request has no tools.', {
      param: 'tool_choice',
    });
  }
  if (choice === 'none') return undefined;
  const parallel = request.parallel_tool_calls ?? true;
  const callable = callableTools(announced, choice);
  const params = callable.map((tool) => `tools[${announced.indexOf(tool)}]`);
  const named = typeof choice !== 'string';
  return {
    announced,
    callable,
    demanded: named || choice === 'required',
    parallel: parallel && !named,
    format: readCallFormat(callable, params),
  };
}

function callableTools(announced: readonly Tool[], choice: NonNullable<ToolChoice>): readonly Tool[] {
  if (typeof choice === 'string') return announced;
  const { name } = choice.function;
  const callable = announced.filter((tool) => tool.function.name === name);
  if (callable.length > 0) return callable;
  throw new GatewayError(
    'invalid-request',
    `tool_choice names the function ${JSON.stringify(name)}, which is not in tools.`,
    {
      param: 'tool_choice.function.name',
    },
  );
}
