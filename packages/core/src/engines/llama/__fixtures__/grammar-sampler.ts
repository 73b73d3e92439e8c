/**
 * Draws texts from a grammar in llama.cpp's notation, for tests: what the grammar allows is what a model may write. Knows
 * the part of the notation that `GrammarText` uses.
 */
export class GrammarSampler {
  readonly #rules: ReadonlyMap<string, Node>;
  readonly #random: () => number;

  constructor(grammar: string, random: () => number) {
    this.#random = random;
    const lines = grammar.split('\n').filter((line) => line !== '');
    this.#rules = new Map(
      lines.map((line) => {
        const [name = '', ...body] = line.split(' ::= ');
        return [name, new NotationReader(body.join(' ::= ')).readAlternatives()];
      }),
    );
  }

  draw(): string {
    return this.#draw({ kind: 'rule', name: 'root' }, 0);
  }

  #draw(node: Node, depth: number): string {
    switch (node.kind) {
      case 'text':
        return node.text;
      case 'class':
        return node.choices[Math.floor(this.#random() * node.choices.length)] ?? '';
      case 'rule':
        return this.#draw(this.#rules.get(node.name) ?? missing(node.name), depth + 1);
      case 'sequence':
        return node.parts.map((part) => this.#draw(part, depth)).join('');
      case 'either':
        return this.#draw(this.#choose(node.options, depth), depth);
      case 'repeat': {
        const most = depth > 12 ? node.least : Math.min(node.most, node.least + 3);
        const times = node.least + Math.floor(this.#random() * (most - node.least + 1));
        return Array.from({ length: times }, () => this.#draw(node.part, depth)).join('');
      }
    }
  }

  /** Deep down the last alternative is taken, which in these grammars ends a recursion. */
  #choose(options: readonly Node[], depth: number): Node {
    const index = depth > 12 ? options.length - 1 : Math.floor(this.#random() * options.length);
    return options[index] ?? missing('alternative');
  }
}

type Node =
  | { kind: 'text'; text: string }
  | { kind: 'class'; choices: string[] }
  | { kind: 'rule'; name: string }
  | { kind: 'sequence'; parts: Node[] }
  | { kind: 'either'; options: Node[] }
  | { kind: 'repeat'; part: Node; least: number; most: number };

class NotationReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAlternatives(): Node {
    const options = [this.#readSequence()];
    while (this.#take(/^\s*\|/)) options.push(this.#readSequence());
    return { kind: 'either', options };
  }

  #readSequence(): Node {
    const parts: Node[] = [];
    this.#take(/^\s*/);
    while (this.#at < this.#text.length && !/^[|)]/.test(this.#rest())) {
      parts.push(this.#readQuantified(this.#readPart()));
      this.#take(/^\s*/);
    }
    return { kind: 'sequence', parts };
  }

  #readPart(): Node {
    if (this.#take(/^\(/)) {
      const group = this.readAlternatives();
      if (!this.#take(/^\s*\)/)) throw new Error(`open group: ${this.#rest()}`);
      return group;
    }
    const text = this.#take(/^"((?:[^"\\]|\\.)*)"/);
    if (text !== undefined) return { kind: 'text', text: unescaped(text[1] ?? '') };
    const set = this.#take(/^\[((?:[^\]\\]|\\.)*)\]/);
    if (set !== undefined) return { kind: 'class', choices: classChoices(set[1] ?? '') };
    const name = this.#take(/^[a-zA-Z][a-zA-Z0-9-]*/);
    if (name !== undefined) return { kind: 'rule', name: name[0] };
    throw new Error(`not understood: ${this.#rest()}`);
  }

  #readQuantified(part: Node): Node {
    const sign = this.#take(/^[*+?]/);
    if (sign !== undefined) {
      return {
        kind: 'repeat',
        part,
        least: sign[0] === '+' ? 1 : 0,
        most: sign[0] === '?' ? 1 : Number.POSITIVE_INFINITY,
      };
    }
    const range = this.#take(/^\{(\d+)(,)?(\d+)?\}/);
    if (range === undefined) return part;
    const least = Number(range[1]);
    const most = range[2] === undefined ? least : Number(range[3] ?? Number.POSITIVE_INFINITY);
    return { kind: 'repeat', part, least, most };
  }

  #rest(): string {
    return this.#text.slice(this.#at);
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    const match = pattern.exec(this.#rest());
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, escaped: string) => {
    if (escaped.startsWith('x')) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return { n: '\n', t: '\t', r: '\r' }[escaped] ?? escaped;
  });
}

/** Some characters of a class: the ends of its ranges, or a few that a negated one allows. */
function classChoices(set: string): string[] {
  const negated = set.startsWith('^');
  const matcher = new RegExp(`[${set}]`, 'u');
  const candidates = [...' !#%+-./0123456789:@ABEXYZ_abcdefuxyz"\\^[]{}~é€🐸'];
  const choices = candidates.filter((character) => matcher.test(character));
  if (choices.length === 0) throw new Error(`no candidate for ${negated ? 'negated ' : ''}class [${set}]`);
  return choices;
}

function missing(name: string): never {
  throw new Error(`no rule ${name}`);
}
