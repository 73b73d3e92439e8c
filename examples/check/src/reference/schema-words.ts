import type { Schema } from './contract.ts';

/** A schema in a few words: `string`, [`Job`](#job), `number` 0 to 2, `"a"` or `"b"`. */
export function typeOf(schema: Schema): string {
  const { $ref, const: only, enum: values, oneOf, anyOf, allOf, items } = schema;
  if ($ref) return linkTo($ref.split('/').at(-1) ?? '');
  if (only !== undefined) return code(only);
  if (values) return values.map(code).join(' or ');
  const choices = oneOf ?? anyOf ?? allOf;
  if (choices)
    return [...new Set(choices.map(typeOf))].filter((word) => word !== '').join((oneOf ?? anyOf) ? ' or ' : ' and ');
  const names = [schema.type ?? []].flat();
  return (
    names.map((name) => (name === 'array' && items ? `list of ${typeOf(items)}` : `\`${name}\``)).join(' or ') +
    bounds(schema)
  );
}

function bounds({ minimum, maximum, maxLength, maxItems, format }: Schema): string {
  const most = maxLength === undefined ? maxItems : `${maxLength} characters`;
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` from ${minimum}`;
  if (maximum !== undefined) return ` to ${maximum}`;
  if (most !== undefined) return `, at most ${most}`;
  return format ? ` (${format})` : '';
}

const linkTo = (name: string) => `[\`${name}\`](#${name.toLowerCase()})`;

const code = (value: unknown) => `\`${JSON.stringify(value)}\``;

/** One line, with the bars escaped that would end a cell. */
export const cell = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');

export const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
