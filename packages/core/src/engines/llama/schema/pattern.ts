import { either, longestRepetition } from './gbnf.ts';

/** The pattern uses something a grammar cannot say; the message names it. */
export class PatternError extends Error {}

/**
 * A regular expression as a grammar for the inside of a JSON string. `char` is the rule for any character there.
 *
 * Understood: literals, classes, `. \d \w \s`, groups, alternatives, `* + ? {m,n}`, and `^ $` at the ends. Look-around,
 * back references, `\b` and Unicode properties are not: they throw `PatternError`.
 */
export function patternToGrammar(pattern: string, char: string): string {
  return new PatternReader(pattern, char).read();
}

const digit = '0-9';
const word = 'A-Za-z0-9_';
/** What JSON must escape inside a string. */
const escapedInJson = String.raw`"\\\x00-\x1F\x7F`;

class PatternReader {
  readonly #characters: readonly string[];
  readonly #char: string;
  #at = 0;

  constructor(pattern: string, char: string) {
    this.#characters = [...pattern];
    this.#char = char;
  }

  read(): string {
    const alternatives = [this.#readAnchored()];
    while (this.#take('|')) alternatives.push(this.#readAnchored());
    if (this.#at < this.#characters.length) throw new PatternError(`unexpected ${this.#characters[this.#at]}`);
    return either(alternatives);
  }

  /** Without an anchor, anything may stand before or after. */
  #readAnchored(): string {
    const before = this.#take('^') ? '' : `${this.#char}* `;
    const body = this.#readSequence();
    const after = this.#take('$') ? '' : ` ${this.#char}*`;
    return `${before}${body}${after}`;
  }

  #readSequence(): string {
    const parts: string[] = [];
    while (this.#at < this.#characters.length && !'|)$'.includes(this.#peek())) {
      parts.push(this.#readAtom() + this.#readQuantifier());
    }
    return parts.length === 0 ? '""' : parts.join(' ');
  }

  #readAtom(): string {
    const character = this.#next();
    if (character === '(') return this.#readGroup();
    if (character === '[') return this.#readClass();
    if (character === '.') return `[^${escapedInJson}]`;
    if (character === '\\') return this.#readEscape();
    if ('^*+?{'.includes(character)) throw new PatternError(`${character} in the middle of a pattern`);
    return jsonCharacter(character);
  }

  #readGroup(): string {
    if (this.#take('?')) {
      if (this.#take('<')) {
        if (this.#peek() === '=' || this.#peek() === '!') throw new PatternError('look-behind');
        while (this.#next() !== '>');
      } else if (!this.#take(':')) throw new PatternError('look-ahead');
    }
    const alternatives = [this.#readSequence()];
    while (this.#take('|')) alternatives.push(this.#readSequence());
    if (!this.#take(')')) throw new PatternError('an open group');
    return `(${alternatives.join(' | ')})`;
  }

  #readQuantifier(): string {
    const quantifier = this.#readRange();
    this.#take('?');
    return quantifier;
  }

  #readRange(): string {
    if (this.#take('*')) return '*';
    if (this.#take('+')) return '+';
    if (this.#take('?')) return '?';
    const rest = this.#characters.slice(this.#at).join('');
    const range = /^\{(\d+)(,(\d*))?\}/.exec(rest);
    if (range === null) return '';
    this.#at += range[0].length;
    if (Number(range[1]) > longestRepetition || Number(range[3] ?? 0) > longestRepetition) {
      throw new PatternError(`more than ${longestRepetition} repetitions`);
    }
    return range[0];
  }

  #readEscape(): string {
    const character = this.#next();
    const set = classEscapes[character];
    if (set !== undefined) return `[${set}]`;
    const opposite = classEscapes[character.toLowerCase()];
    if (opposite !== undefined && /[DWS]/.test(character)) return `[^${escapedInJson}${opposite}]`;
    return jsonCharacter(this.#escaped(character));
  }

  /** The character that an escape means. */
  #escaped(character: string): string {
    if (character === 'u' || character === 'x') return this.#readCodePoint(character === 'u' ? 4 : 2);
    const control = controlEscapes[character];
    if (control !== undefined) return control;
    if (/[a-zA-Z0-9]/.test(character)) throw new PatternError(`the escape \\${character}`);
    return character;
  }

  #readCodePoint(length: number): string {
    const code = this.#characters.slice(this.#at, this.#at + length).join('');
    if (!/^[0-9a-fA-F]+$/.test(code) || code.length < length) throw new PatternError('an incomplete escape');
    this.#at += length;
    return String.fromCodePoint(Number.parseInt(code, 16));
  }

  #readClass(): string {
    const negated = this.#take('^');
    let set = '';
    for (let first = true; first || this.#peek() !== ']'; first = false) set += this.#readClassItem(first);
    this.#next();
    if (negated) return `[^${escapedInJson}${set}]`;
    return `[${set}]`;
  }

  #readClassItem(first: boolean): string {
    const character = this.#next();
    if (character === '\\') {
      const escaped = this.#next();
      const set = classEscapes[escaped];
      if (set !== undefined) return set;
      if (/[DWS]/.test(escaped)) throw new PatternError(`\\${escaped} inside a class`);
      return classCharacter(this.#escaped(escaped));
    }
    const isRange = character === '-' && !first && this.#peek() !== ']';
    return isRange ? '-' : classCharacter(character);
  }

  #peek(): string {
    return this.#characters[this.#at] ?? '';
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #next(): string {
    const character = this.#characters[this.#at++];
    if (character === undefined) throw new PatternError('an unexpected end');
    return character;
  }
}

const classEscapes: Record<string, string> = { d: digit, w: word, s: ' ' };
const controlEscapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', '0': '\0' };

/** A character as it stands inside a JSON string. */
function jsonCharacter(character: string): string {
  const written = JSON.stringify(character).slice(1, -1);
  return `"${written.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A character inside a class. Those that JSON writes with two characters cannot stand in one. */
function classCharacter(character: string): string {
  if (JSON.stringify(character).length > character.length + 2)
    throw new PatternError(`${JSON.stringify(character)} in a class`);
  return '-]^[\\'.includes(character) ? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}` : character;
}
