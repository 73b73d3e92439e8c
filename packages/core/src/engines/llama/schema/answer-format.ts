import type { ChatCompletionRequest } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';
import { compileSchema } from './compile-schema.ts';
import { either, GrammarText, literal } from './gbnf.ts';
import type { JsonSchema } from './json-schema.ts';
import { type SchemaCheck, schemaCheck } from './schema-check.ts';

/** The JSON that an answer must be. */
export interface AnswerFormat {
  /** The smallest document of the kind, for an answer that was cut before it began. */
  readonly emptyDocument: string;
  /** A grammar for the document, or for one of the other texts in its place. */
  grammar(otherwise: readonly string[]): string;
  loadCheck(): Promise<SchemaCheck>;
}

const schemaParam = 'response_format.json_schema.schema';

/** Undefined for free text. Throws `GatewayError('invalid-request')` for a schema that cannot be enforced. */
export function readAnswerFormat({ response_format: format }: ChatCompletionRequest): AnswerFormat | undefined {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined;
    case 'json_object':
      return jsonObject();
    case 'json_schema':
      return jsonBySchema(format.json_schema?.schema);
    default:
      throw new GatewayError('invalid-request', 'response_format.type must be text, json_object or json_schema.', {
        param: 'response_format.type',
      });
  }
}

function jsonObject(): AnswerFormat {
  const grammar = new GrammarText();
  const document = grammar.json('object');
  return { emptyDocument: '{}', grammar: rootGrammar(grammar, document), loadCheck: async () => () => undefined };
}

function jsonBySchema(schema: JsonSchema | undefined): AnswerFormat {
  if (schema === undefined) {
    throw new GatewayError('invalid-request', 'response_format of type json_schema needs a schema.', {
      param: schemaParam,
    });
  }
  const grammar = new GrammarText();
  const document = compileSchema(schema, grammar, { param: schemaParam, unenforceable: 'refuse' });
  return {
    emptyDocument: emptyDocument(schema),
    grammar: rootGrammar(grammar, document),
    loadCheck: () => schemaCheck(schema, schemaParam),
  };
}

function rootGrammar(grammar: GrammarText, document: string): AnswerFormat['grammar'] {
  const rules = grammar.toString();
  return (otherwise) => `root ::= ${either([document, ...otherwise.map(literal)])}\n${rules}`;
}

const emptyDocuments: Record<string, string> = {
  array: '[]',
  string: '""',
  number: '0',
  integer: '0',
  boolean: 'false',
  null: 'null',
};

function emptyDocument(schema: JsonSchema): string {
  const type = typeof schema === 'object' ? schema['type'] : undefined;
  return emptyDocuments[String(Array.isArray(type) ? type[0] : type)] ?? '{}';
}
