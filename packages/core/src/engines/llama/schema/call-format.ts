import type { Tool } from '@anura/openapi';
import { callOpening, hasProperties, type ToolSyntax } from '../prompt/tool-syntax.ts';
import { compileSchema } from './compile-schema.ts';
import { either, GrammarText, literal } from './gbnf.ts';
import type { JsonSchema } from './json-schema.ts';

/** The calls that an answer may make. */
export interface CallFormat {
  /** A grammar for one call in a model's syntax, from `lead` before the name to the end of the arguments. */
  grammar(lead: string, syntax: ToolSyntax): string;
}

/**
 * Compiles the parameters of all tools. Keywords that no grammar can express are ignored here: tools come from programs that
 * print whatever their types say, and the caller checks arguments anyway.
 *
 * Throws `GatewayError('invalid-request')` for parameters that are no JSON Schema.
 */
export function readCallFormat(tools: readonly Tool[], params: readonly string[]): CallFormat {
  const rules = new GrammarText();
  const calls = tools.map(({ function: { name, parameters } }, index) => ({
    name,
    parameters: hasProperties(parameters)
      ? compileSchema(asObject(parameters), rules, {
          param: `${params[index] ?? 'tools'}.function.parameters`,
          unenforceable: 'ignore',
        })
      : undefined,
  }));
  const text = rules.toString();
  return {
    grammar: (lead, syntax) => {
      const bodies = calls.map(({ name, parameters }) => {
        const opening = literal(callOpening(lead, name, syntax.beforeArguments));
        return `${opening} ${parameters ?? (syntax.omitsEmptyArguments ? '' : literal('{}'))}`;
      });
      return `root ::= ${either(bodies)}\n${text}`;
    },
  };
}

/** Arguments are an object, also where the schema forgets to say so. */
function asObject(parameters: Tool['function']['parameters']): JsonSchema {
  const schema = { ...parameters };
  return 'type' in schema ? schema : { ...schema, type: 'object' };
}
