import { Alternatives, asList, type Located, type PlainSchema } from './alternatives.ts';
import { arrayRule } from './array-rule.ts';
import { either, type GrammarText, literal } from './gbnf.ts';
import type { JsonSchema } from './json-schema.ts';
import { type Bounds, integerRange, numberRange } from './number-range.ts';
import { objectRule } from './object-rule.ts';
import { stringRule } from './string-rule.ts';
import { unsupported } from './unsupported.ts';

interface CompileOptions {
  /** Path of the schema in the request, for errors. */
  readonly param: string;
  /**
   * What to do with a keyword no grammar can enforce, such as `uniqueItems`: `refuse` it by name, or `ignore` it, as for
   * tool arguments, which OpenAI does not promise to validate either.
   */
  readonly unenforceable: 'refuse' | 'ignore';
}

/**
 * Adds the rules for a JSON Schema to a grammar and returns the name of the rule for the whole. Every text of the grammar is
 * JSON that satisfies the schema (see `unenforceable` and `Alternatives`); not every satisfying JSON is in the grammar.
 *
 * Throws `GatewayError('invalid-request')` naming the keyword at fault.
 */
export function compileSchema(schema: JsonSchema, grammar: GrammarText, options: CompileOptions): string {
  return new SchemaCompiler(schema, grammar, options).compile({ schema, param: options.param }, 'document');
}

const mostSchemas = 2000;
/** llama.cpp tries every alternative at every token: 5,000 values cost a second. */
const mostValues = 1000;

class SchemaCompiler {
  readonly #grammar: GrammarText;
  readonly #options: CompileOptions;
  readonly #alternatives: Alternatives;
  readonly #references = new Map<unknown, string>();
  #compiled = 0;

  constructor(root: JsonSchema, grammar: GrammarText, options: CompileOptions) {
    this.#grammar = grammar;
    this.#options = options;
    this.#alternatives = new Alternatives(root, options.param);
  }

  compile(located: Located<JsonSchema>, wish: string): string {
    if (++this.#compiled > mostSchemas) throw unsupported(this.#options.param, `it has over ${mostSchemas} parts`);
    const plain = this.#alternatives.of(located);
    const rules = plain.flatMap((alternative) => this.#compilePlain(alternative));
    return this.#grammar.add(wish, either(rules));
  }

  #compilePlain(located: Located<PlainSchema>): string[] {
    const { schema, param } = located;
    if (schema['$ref'] !== undefined) return [this.#compileReference(schema['$ref'], param)];
    this.#refuseUnenforceable(located);
    if ('const' in schema) return [constant(schema['const'])];
    if ('enum' in schema) return enumeration(located);
    const types = asList(schema['type'] ?? impliedTypes(schema));
    if (types.length === 0) throw unsupported(`${param}.type`, 'it must name at least one type');
    return types.map((type) => this.#compileType(String(type), located));
  }

  /** A rule for each target, made before its body, so that a schema may refer to itself. */
  #compileReference(reference: unknown, param: string): string {
    const known = this.#references.get(reference);
    if (known !== undefined) return known;
    const name = this.#grammar.reserve(`ref-${String(reference)}`);
    this.#references.set(reference, name);
    const body = this.compile(this.#alternatives.resolve(reference, param), 'target');
    if (body === name) throw unsupported(`${param}.$ref`, 'it refers only to itself');
    this.#grammar.define(name, body);
    return name;
  }

  #compileType(type: string, located: Located<PlainSchema>): string {
    const compile = (inner: Located<JsonSchema>, wish: string) => this.compile(inner, wish);
    switch (type) {
      case 'object':
        return objectRule(located, this.#grammar, compile);
      case 'array':
        return arrayRule(located, this.#grammar, compile);
      case 'string':
        return stringRule(located, this.#grammar, this.#options.unenforceable);
      case 'integer':
      case 'number':
        return numberRule(type, located, this.#grammar);
      case 'boolean':
        return '("true" | "false")';
      case 'null':
        return '"null"';
      case 'any':
        return this.#grammar.json('value');
      default:
        throw unsupported(`${located.param}.type`, `there is no type ${JSON.stringify(type)}`);
    }
  }

  #refuseUnenforceable({ schema, param }: Located<PlainSchema>): void {
    if (this.#options.unenforceable === 'ignore') return;
    for (const [keyword, harmless] of Object.entries(unenforceable)) {
      if (schema[keyword] !== undefined && !harmless(schema[keyword], schema)) {
        throw unsupported(`${param}.${keyword}`, `a grammar cannot express ${keyword}`);
      }
    }
  }
}

/** Keywords outside what a grammar can say, each with the values that ask nothing of it. */
const unenforceable: Record<string, (value: unknown, schema: PlainSchema) => boolean> = {
  not: () => false,
  if: () => false,
  dependentRequired: () => false,
  dependentSchemas: () => false,
  dependencies: () => false,
  contains: () => false,
  patternProperties: (_value, schema) => schema['properties'] !== undefined,
  propertyNames: (_value, schema) => schema['properties'] !== undefined,
  minProperties: (value, schema) => Number(value) <= asList(schema['required'] ?? []).length,
  uniqueItems: (value, schema) => value !== true || Number(schema['maxItems']) <= 1,
  multipleOf: (value, schema) => value === 1 && schema['type'] === 'integer',
};

function impliedTypes(schema: PlainSchema): string {
  if ('properties' in schema || 'required' in schema || 'additionalProperties' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema || 'minItems' in schema) return 'array';
  if ('pattern' in schema || 'minLength' in schema || 'maxLength' in schema || 'format' in schema) return 'string';
  if ('minimum' in schema || 'maximum' in schema) return 'number';
  return 'any';
}

function constant(value: unknown): string {
  return literal(JSON.stringify(value) ?? 'null');
}

function enumeration({ schema, param }: Located<PlainSchema>): string[] {
  const values = schema['enum'];
  if (!Array.isArray(values)) throw unsupported(`${param}.enum`, 'it must be a list of values');
  if (values.length > mostValues) throw unsupported(`${param}.enum`, `it has over ${mostValues} values`);
  const types = schema['type'] === undefined ? undefined : asList(schema['type']);
  const allowed = values.filter((value) => types === undefined || types.some((type) => hasType(value, type)));
  if (allowed.length === 0) throw unsupported(`${param}.enum`, 'none of its values is allowed');
  return allowed.map(constant);
}

function hasType(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  return typeof value === type && (type !== 'object' || (value !== null && !Array.isArray(value)));
}

function numberRule(type: 'integer' | 'number', { schema, param }: Located<PlainSchema>, grammar: GrammarText): string {
  const bounds = readBounds(schema, param);
  if (Object.keys(bounds).length === 0) return grammar.json(type);
  const range = type === 'integer' ? integerRange(bounds) : numberRange(bounds);
  if (range === undefined) throw unsupported(param, 'no number lies within its bounds');
  return range;
}

function readBounds(schema: PlainSchema, param: string): Bounds {
  const bounds: Record<string, number> = {};
  for (const keyword of ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']) {
    const value = schema[keyword];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw unsupported(`${param}.${keyword}`, 'it must be a number');
    bounds[keyword] = value;
  }
  return bounds;
}
