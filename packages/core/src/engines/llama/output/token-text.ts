import type { Token } from '@anura/node-llama-cpp';

/** The part of a model that turns tokens into text. */
export interface Detokenizer {
  detokenize(tokens: readonly Token[], specialTokens?: boolean): string;
}

const incomplete = '\uFFFD';
/** A character is at most four UTF-8 bytes, so at most four byte tokens. */
const longestCharacterTokens = 4;

/**
 * The text of each token, remembered. Asking the native library costs a call per token; a token's text does not depend on
 * its neighbours once the answer has begun.
 */
export class TokenPieces {
  readonly #detokenizer: Detokenizer;
  readonly #visibleSpecials: ReadonlySet<Token>;
  readonly #pieces: (string | undefined)[] = [];

  /** `visibleSpecials` are control tokens whose text is wanted, such as the tags around thoughts. */
  constructor(detokenizer: Detokenizer, visibleSpecials: ReadonlySet<Token> = new Set()) {
    this.#detokenizer = detokenizer;
    this.#visibleSpecials = visibleSpecials;
  }

  /** The text of one token. Holds U+FFFD where the token is only part of a character. */
  pieceOf(token: Token): string {
    const known = this.#pieces[token];
    if (known !== undefined) return known;
    const piece = this.#detokenizer.detokenize([token], this.#visibleSpecials.has(token));
    this.#pieces[token] = piece;
    return piece;
  }

  join(tokens: readonly Token[]): string {
    return this.#detokenizer.detokenize(tokens, false);
  }
}

/** Turns a stream of tokens into a stream of whole characters. */
export class TokenText {
  readonly #pieces: TokenPieces;
  #open: Token[] = [];

  constructor(pieces: TokenPieces) {
    this.#pieces = pieces;
  }

  /** The text that became certain with this token; empty while a character is incomplete. */
  push(token: Token): string {
    if (this.#open.length === 0) {
      const piece = this.#pieces.pieceOf(token);
      if (!piece.endsWith(incomplete)) return piece;
    }
    this.#open.push(token);
    const text = this.#pieces.join(this.#open);
    if (text.endsWith(incomplete) && this.#open.length < longestCharacterTokens) return '';
    this.#open = [];
    return text;
  }

  /** No more tokens come: bytes that never became a character are dropped. */
  flush(): string {
    const text = this.#open.length === 0 ? '' : this.#pieces.join(this.#open);
    this.#open = [];
    return text.replace(/\uFFFD+$/, '');
  }
}
