import { isObject, type Located, type PlainSchema } from './alternatives.ts';
import { type GrammarText, literal } from './gbnf.ts';
import type { JsonSchema } from './json-schema.ts';
import { readLength } from './string-rule.ts';
import { unsupported } from './unsupported.ts';

type Compile = (located: Located<JsonSchema>, wish: string) => string;

/**
 * An object: the named properties in their order, optional ones left out at will. Further properties are written only where
 * the schema names none, as in a dictionary: an object without them satisfies it as well, and a model does not get lost.
 */
export function objectRule({ schema, param }: Located<PlainSchema>, grammar: GrammarText, compile: Compile): string {
  const space = grammar.json('space');
  const properties = readProperties(schema, param);
  if (properties.length === 0) return dictionary({ schema, param }, grammar, compile);
  const members = properties.map(({ name, schema: property, required, param: at }) => ({
    text: `${literal(JSON.stringify(name))} ":" ${space} ${compile({ schema: property, param: at }, name)}`,
    required,
  }));
  return `"{" ${space} ${memberList(members, grammar, space)} ${space} "}"`;
}

interface Property {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly param: string;
}

/** The named properties, and those that are only required: they may be whatever additional ones may be. */
function readProperties(schema: PlainSchema, param: string): Property[] {
  const properties = schema['properties'] ?? {};
  if (!isObject(properties)) throw unsupported(`${param}.properties`, 'it must be an object of schemas');
  const required = readRequired(schema['required'], param);
  const additional = (schema['additionalProperties'] ?? true) as JsonSchema;
  const named = Object.entries(properties).map(([name, property]) => ({
    name,
    schema: property as JsonSchema,
    required: required.has(name),
    param: `${param}.properties.${name}`,
  }));
  const unnamed = [...required].filter((name) => !(name in properties));
  return [
    ...named,
    ...unnamed.map((name) => ({ name, schema: additional, required: true, param: `${param}.required` })),
  ];
}

function readRequired(required: unknown, param: string): ReadonlySet<string> {
  if (required === undefined) return new Set();
  if (Array.isArray(required) && required.every((name) => typeof name === 'string')) return new Set(required);
  throw unsupported(`${param}.required`, 'it must be a list of names');
}

/**
 * Members with commas between those that are there. From the end: `rest` continues after a member, `start` before the first.
 */
function memberList(
  members: readonly { text: string; required: boolean }[],
  grammar: GrammarText,
  space: string,
): string {
  let rest = '';
  let start = '';
  for (const { text, required } of members.toReversed()) {
    const first = `${text} ${rest}`;
    const further = `"," ${space} ${text} ${rest}`;
    start = required ? first : grammar.add('members', start === '' ? `(${first})?` : `${first} | ${start}`);
    rest = grammar.add('more', required ? further : rest === '' ? `(${further})?` : `${further} | ${rest}`);
  }
  return start;
}

function dictionary({ schema, param }: Located<PlainSchema>, grammar: GrammarText, compile: Compile): string {
  const space = grammar.json('space');
  const additional = (schema['additionalProperties'] ?? true) as JsonSchema;
  const most = readLength(schema['maxProperties'], `${param}.maxProperties`);
  if (additional === false || most === 0) return `"{" ${space} "}"`;
  if (additional === true && most === undefined) return grammar.json('object');
  const value = compile({ schema: additional, param: `${param}.additionalProperties` }, 'entry');
  const entry = grammar.add('entry-pair', `${grammar.json('string')} ":" ${space} ${value}`);
  const further = most === undefined ? '*' : `{0,${most - 1}}`;
  return `"{" ${space} (${entry} ("," ${space} ${entry})${further})? ${space} "}"`;
}
