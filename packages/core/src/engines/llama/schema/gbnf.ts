/**
 * Text of a grammar in llama.cpp's notation.
 *
 * Reference: https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md
 */
export class GrammarText {
  readonly #rules = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** Adds a rule under a name like the one wished for and returns its name. Equal bodies share a rule. */
  add(wish: string, body: string): string {
    const known = this.#names.get(body);
    if (known !== undefined) return known;
    const name = this.reserve(wish);
    this.#names.set(body, name);
    this.define(name, body);
    return name;
  }

  /** A free name, for a rule that refers to itself. `define` must follow. */
  reserve(wish: string): string {
    const base = wish.replace(/[^a-zA-Z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'rule';
    let name = base;
    for (let count = 2; this.#rules.has(name); count++) name = `${base}-${count}`;
    this.#rules.set(name, '');
    return name;
  }

  define(name: string, body: string): void {
    this.#rules.set(name, body);
  }

  /** One of the rules every JSON grammar needs, with those it needs itself. */
  json(name: JsonRuleName): string {
    const { body, uses } = jsonRules[name];
    if (!this.#rules.has(`json-${name}`)) {
      this.#rules.set(`json-${name}`, body);
      for (const used of uses) this.json(used);
    }
    return `json-${name}`;
  }

  toString(): string {
    return [...this.#rules].map(([name, body]) => `${name} ::= ${body}\n`).join('');
  }
}

type JsonRuleName = 'space' | 'char' | 'string' | 'number' | 'integer' | 'value' | 'object' | 'array';

/**
 * White space is bounded: a model that falls in love with blanks cannot write them for ever. Escaped surrogates are left
 * out, because half a pair is no text.
 */
const jsonRules: Record<JsonRuleName, { body: string; uses: JsonRuleName[] }> = {
  space: { body: String.raw`| " " | "\n" [ \t]{0,20}`, uses: [] },
  char: {
    body: String.raw`[^"\\\x7F\x00-\x1F] | "\\" (["\\/bfnrt] | "u" ([0-9a-cA-CefEF] [0-9a-fA-F]{3} | [dD] [0-7] [0-9a-fA-F]{2}))`,
    uses: [],
  },
  string: { body: String.raw`"\"" json-char* "\""`, uses: ['char'] },
  integer: { body: '"-"? ("0" | [1-9] [0-9]{0,15})', uses: [] },
  number: { body: 'json-integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,2})?', uses: ['integer'] },
  value: {
    body: 'json-object | json-array | json-string | json-number | "true" | "false" | "null"',
    uses: ['object', 'array', 'string', 'number'],
  },
  object: {
    body: `"{" json-space (json-string ":" json-space json-value ("," json-space json-string ":" json-space json-value)*)? json-space "}"`,
    uses: ['space', 'string', 'value'],
  },
  array: {
    body: '"[" json-space (json-value ("," json-space json-value)*)? json-space "]"',
    uses: ['space', 'value'],
  },
};

/** A quoted literal. */
export function literal(text: string): string {
  return `"${text.replace(/["\\\n\r\t]/g, (character) => literalEscapes[character] ?? character)}"`;
}

const literalEscapes: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Alternatives in brackets; a single one as it is. */
export function either(alternatives: readonly string[]): string {
  const distinct = [...new Set(alternatives)];
  return distinct.length === 1 ? (distinct[0] ?? '""') : `(${distinct.join(' | ')})`;
}

/** Longer repetitions make llama.cpp refuse the grammar; beyond this there is no bound. */
export const longestRepetition = 1000;

/** `expression` so many times; no bound where `most` is undefined or too large for a grammar. */
export function repeated(expression: string, least: number, most: number | undefined): string {
  const lower = Math.min(least, longestRepetition);
  if (most === undefined || most > longestRepetition)
    return lower === 0 ? `${expression}*` : `${expression}{${lower},}`;
  return `${expression}{${lower},${most}}`;
}
