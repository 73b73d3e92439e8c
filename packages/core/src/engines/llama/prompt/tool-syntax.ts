import type { ChatWrapper, LlamaText, Token } from '@anura/node-llama-cpp';
import type { Tool } from '@anura/openapi';
import type { LlamaModule } from '../runtime/llama-runtime.ts';

/** How a model writes a call, taken apart so that a grammar can take over in the middle. */
export interface ToolSyntax {
  /** Texts that mean a call begins. The first is the one to write when a call is demanded. */
  readonly triggers: readonly string[];
  /** What follows the trigger, up to the name. */
  readonly afterTrigger: string;
  /** Between name and arguments; `{{functionName}}` stands for the name. */
  readonly beforeArguments: string;
  readonly afterArguments: string;
  /** A call without parameters has nothing between the two, not even `{}`. */
  readonly omitsEmptyArguments: boolean;
  /** How a further call in the same turn begins; absent when the syntax knows one call a turn. */
  readonly furtherCalls?: { readonly between: string; readonly trigger: string; readonly afterTrigger: string };
}

/** Reads the syntax from the chat wrapper that node-llama-cpp chose for the model's template. */
export function readToolSyntax(wrapper: ChatWrapper, tokenize: Tokenize, { LlamaText }: LlamaModule): ToolSyntax {
  const { call, parallelism } = wrapper.settings.functions;
  const text = (value: string | LlamaText | undefined) => LlamaText(value ?? '').toString();
  const section = text(parallelism?.call.sectionPrefix);
  const prefix = text(call.prefix);
  const first = splitTrigger(section + prefix, tokenize);
  const alternates = (call.prefixAlternateMatches ?? []).map((match) => splitTrigger(section + text(match), tokenize));
  const further = splitTrigger(prefix, tokenize);
  return {
    triggers: [...new Set([first.trigger, ...alternates.map((alternate) => alternate.trigger)])],
    afterTrigger: first.afterTrigger,
    beforeArguments: text(call.paramsPrefix),
    afterArguments: text(call.suffix),
    omitsEmptyArguments: (call.emptyCallParamsPlaceholder ?? '') === '',
    ...(parallelism === undefined
      ? {}
      : { furtherCalls: { between: text(parallelism.call.betweenCalls), ...further } }),
  };
}

interface Tokenize {
  tokenize(text: string, specialTokens?: boolean): Token[];
  isSpecialToken(token: Token): boolean;
  detokenize(tokens: readonly Token[], specialTokens?: boolean): string;
}

/**
 * The shortest beginning that is unmistakable: up to the first control token, or else the first word. Models vary the
 * blanks and line breaks after it, and tokens reach over them, so what follows is left to the grammar.
 */
function splitTrigger(prefix: string, tokenizer: Tokenize): { trigger: string; afterTrigger: string } {
  const text = prefix.trimStart();
  const special = tokenizer.tokenize(text, true).find((token) => tokenizer.isSpecialToken(token));
  const mark = special === undefined ? undefined : tokenizer.detokenize([special], true);
  const end = mark !== undefined && text.includes(mark) ? text.indexOf(mark) + mark.length : text.search(/\s|$/);
  return { trigger: text.slice(0, end), afterTrigger: text.slice(end) };
}

/** A function whose schema names no properties is told to the model as one without parameters. */
export function hasProperties(parameters: Tool['function']['parameters']): boolean {
  if (parameters === null || parameters === undefined) return false;
  const { properties, ...rest } = parameters as { properties?: object };
  if (properties !== undefined) return Object.keys(properties).length > 0;
  return Object.keys(rest).some((key) => ['$ref', 'anyOf', 'oneOf', 'allOf', 'additionalProperties'].includes(key));
}

/** What stands between the trigger and the arguments of a call. */
export function callOpening(lead: string, name: string, beforeArguments: string): string {
  return lead + name + beforeArguments.replaceAll('{{functionName}}', name);
}
