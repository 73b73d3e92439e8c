import type { Located, PlainSchema } from './alternatives.ts';
import { type GrammarText, repeated } from './gbnf.ts';
import type { JsonSchema } from './json-schema.ts';
import { readLeast, readLength } from './string-rule.ts';
import { unsupported } from './unsupported.ts';

type Compile = (located: Located<JsonSchema>, wish: string) => string;

/** An array: `prefixItems` in their places, then `items`, as many as the bounds allow. */
export function arrayRule({ schema, param }: Located<PlainSchema>, grammar: GrammarText, compile: Compile): string {
  const space = grammar.json('space');
  const prefix = schema['prefixItems'] ?? [];
  if (!Array.isArray(prefix)) throw unsupported(`${param}.prefixItems`, 'it must be a list of schemas');
  if (Array.isArray(schema['items']))
    throw unsupported(`${param}.items`, 'a list of schemas is written prefixItems today');
  const items = (schema['items'] ?? true) as JsonSchema;
  const least = readLeast(schema['minItems'], `${param}.minItems`);
  const most = items === false ? prefix.length : readLength(schema['maxItems'], `${param}.maxItems`);
  if (most !== undefined && most < least)
    throw unsupported(`${param}.maxItems`, 'fewer items are allowed than demanded');
  if (most === 0) return `"[" ${space} "]"`;
  if (prefix.length > 0) return tuple({ schema, param }, prefix as JsonSchema[], grammar, compile);
  const item = compile({ schema: items, param: `${param}.items` }, 'item');
  const further = repeated(`("," ${space} ${item})`, Math.max(0, least - 1), most === undefined ? undefined : most - 1);
  const list = `${item} ${further}`;
  return `"[" ${space} ${least === 0 ? `(${list})?` : list} ${space} "]"`;
}

/** All of `prefixItems`, and as many more as `minItems` demands. */
function tuple(
  { schema, param }: Located<PlainSchema>,
  prefix: JsonSchema[],
  grammar: GrammarText,
  compile: Compile,
): string {
  const space = grammar.json('space');
  const most = readLength(schema['maxItems'], `${param}.maxItems`) ?? Number.POSITIVE_INFINITY;
  const places = prefix
    .slice(0, most)
    .map((place, index) => compile({ schema: place, param: `${param}.prefixItems[${index}]` }, `item-${index}`));
  const missing = readLeast(schema['minItems'], `${param}.minItems`) - places.length;
  if (missing > 0) {
    const item = compile({ schema: (schema['items'] ?? true) as JsonSchema, param: `${param}.items` }, 'item');
    places.push(...Array.from({ length: missing }, () => item));
  }
  return `"[" ${space} ${places.join(` "," ${space} `)} ${space} "]"`;
}
