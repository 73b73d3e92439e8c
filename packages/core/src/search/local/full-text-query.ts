import { spaceIdeographs } from './ideographs.ts';

const mostTerms = 24;
const word = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;

/** A query as the index understands it: stricter first. */
export interface FullTextQuery {
  /** Every term must be there. */
  readonly all: string;
  /** One term is enough. */
  readonly any: string;
}

/**
 * Turns what a person typed into FTS5's language. Every word ends up inside quotes, so operators, brackets and stray quotes
 * are only words or nothing. Words in double quotes stay together; the last word may go on, since people search while they
 * type. Undefined where there is no word.
 */
export function fullTextQuery(typed: string): FullTextQuery | undefined {
  const terms = [...new Set(pieces(typed).flatMap(quoted))].slice(0, mostTerms);
  const last = terms.at(-1);
  if (last === undefined) return undefined;
  const open = [...terms.slice(0, -1), `${last}*`];
  return { all: open.join(' AND '), any: open.join(' OR ') };
}

/** The words of a text, as they are written. */
export function wordsOf(text: string): readonly string[] {
  return text.match(word) ?? [];
}

/** Phrases in quotes whole, the rest at white space. */
function pieces(typed: string): readonly string[] {
  return typed.normalize('NFC').match(/"[^"]*"|[^\s"]+/g) ?? [];
}

function quoted(piece: string): readonly string[] {
  const words = wordsOf(spaceIdeographs(piece));
  return words.length === 0 ? [] : [`"${words.join(' ')}"`];
}
