/**
 * Lets JSON through as it is written, but only up to points from which it can be closed, so that an answer cut anywhere
 * still parses. A comma, a key and its colon wait until their value begins; a number waits for a digit.
 *
 * ```
 *            ┌─ string ◄─► escape ─┐
 *  value ────┼─ number, literal ───┼──► afterValue ──► done (at depth 0)
 *    ▲       └─ { or [ ────────────┘      │
 *    │                                    │ , in an array
 *    ├────────────────────────────────────┤
 *    └── afterKey ◄── key ◄── keyStart ◄──┘ , in an object
 * ```
 */
export class JsonGate {
  readonly #emptyDocument: string;
  #state: State = 'value';
  #closers: string[] = [];
  #pending = '';
  /** What must follow the text already let through, before the brackets, to end its last value. */
  #ending = '';
  #literalRest = '';
  #unicodeDigits = 0;
  #begun = false;

  /** `emptyDocument` stands in when nothing at all was written. */
  constructor(emptyDocument = '{}') {
    this.#emptyDocument = emptyDocument;
  }

  /** True once the outermost value is complete. A number at the top level only ends with `close`. */
  get complete(): boolean {
    return this.#state === 'done';
  }

  push(text: string): string {
    let passed = '';
    for (const character of text) {
      if (this.#state === 'done' || (!this.#begun && isBlank(character))) continue;
      this.#pending += character;
      if (!this.#advance(character)) continue;
      passed += this.#pending;
      this.#pending = '';
      this.#begun = true;
    }
    return passed;
  }

  /** The text that completes the document from where it stands. */
  close(): string {
    if (!this.#begun) return this.#emptyDocument;
    const closing = this.#ending + this.#closers.toReversed().join('');
    this.#ending = '';
    this.#closers = [];
    this.#state = 'done';
    return closing;
  }

  /** Moves the state; true when everything up to this character may pass. */
  #advance(character: string): boolean {
    switch (this.#state) {
      case 'value':
        return this.#beginValue(character);
      case 'string':
        return this.#continueString(character);
      case 'escape':
        return this.#escape(character);
      case 'unicode':
        return this.#unicode();
      case 'literal':
        return this.#continueLiteral();
      case 'number':
        return this.#continueNumber(character);
      default:
        return this.#betweenValues(character);
    }
  }

  #beginValue(character: string): boolean {
    if (isBlank(character)) return false;
    if (character === '{') return this.#open('}', 'keyStart');
    if (character === '[') return this.#open(']', 'value');
    if (character === ']') return this.#closeBracket();
    if (character === '"') return this.#enter('string', '"');
    const literal = literals.find((word) => word.startsWith(character));
    if (literal === undefined) {
      this.#state = 'number';
      return isDigit(character);
    }
    this.#literalRest = literal.slice(1);
    return this.#enter('literal', this.#literalRest);
  }

  #enter(state: State, ending: string): boolean {
    this.#state = state;
    this.#ending = ending;
    return true;
  }

  #open(closer: string, state: State): boolean {
    this.#closers.push(closer);
    return this.#enter(state, '');
  }

  #continueString(character: string): boolean {
    if (character === '\\') {
      this.#state = 'escape';
      return false;
    }
    return character === '"' ? this.#endValue() : true;
  }

  #escape(character: string): boolean {
    this.#unicodeDigits = 0;
    this.#state = character === 'u' ? 'unicode' : 'string';
    return this.#state === 'string';
  }

  #unicode(): boolean {
    if (++this.#unicodeDigits < 4) return false;
    this.#state = 'string';
    return true;
  }

  #continueLiteral(): boolean {
    this.#literalRest = this.#literalRest.slice(1);
    this.#ending = this.#literalRest;
    return this.#literalRest === '' ? this.#endValue() : true;
  }

  #continueNumber(character: string): boolean {
    if (isDigit(character)) return true;
    if ('+-.eE'.includes(character)) return false;
    this.#endValue();
    return this.#advance(character);
  }

  #endValue(): boolean {
    return this.#enter(this.#closers.length === 0 ? 'done' : 'afterValue', '');
  }

  #closeBracket(): boolean {
    this.#closers.pop();
    return this.#endValue();
  }

  #betweenValues(character: string): boolean {
    if (this.#state === 'key') {
      if (character === '\\') this.#state = 'keyEscape';
      else if (character === '"') this.#state = 'afterKey';
      return false;
    }
    if (this.#state === 'keyEscape') this.#state = 'key';
    else if (character === '"') this.#state = 'key';
    else if (character === ':') this.#state = 'value';
    else if (character === ',') this.#state = this.#closers.at(-1) === '}' ? 'keyStart' : 'value';
    else if (character === '}' || character === ']') return this.#closeBracket();
    return false;
  }
}

type State =
  | 'value'
  | 'string'
  | 'escape'
  | 'unicode'
  | 'literal'
  | 'number'
  | 'keyStart'
  | 'key'
  | 'keyEscape'
  | 'afterKey'
  | 'afterValue'
  | 'done';

const literals = ['true', 'false', 'null'];

function isBlank(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}
