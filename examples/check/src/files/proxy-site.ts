/** One directive of nginx, e.g. `proxy_pass http://127.0.0.1:8484;`, with what stands between its braces. */
export interface Directive {
  readonly words: readonly string[];
  readonly inner?: readonly Directive[];
}

/** Reads a piece of an nginx configuration. Throws where nginx would: a missing semicolon, a brace too many. */
export function readDirectives(text: string): Directive[] {
  const tokens = text.match(/"[^"]*"|[{};]|[^\s{};]+/g) ?? [];
  const { directives, next } = readBlock(tokens, 0);
  if (next < tokens.length) throw new Error('There is a } too many.');
  return directives;
}

function readBlock(tokens: readonly string[], from: number): { directives: Directive[]; next: number } {
  const directives: Directive[] = [];
  let words: string[] = [];
  let at = from;
  for (; at < tokens.length && tokens[at] !== '}'; at++) {
    const token = tokens[at] ?? '';
    if (token === ';') directives.push({ words });
    else if (token === '{') {
      const { directives: inner, next } = readBlock(tokens, at + 1);
      if (tokens[next] !== '}') throw new Error(`${words.join(' ')} is never closed.`);
      directives.push({ words, inner });
      at = next;
    } else {
      words.push(token);
      continue;
    }
    words = [];
  }
  if (words.length > 0) throw new Error(`"${words.join(' ')}" lacks its semicolon.`);
  return { directives, next: at };
}
