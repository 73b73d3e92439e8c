const piece = /\s?\p{L}{1,6}|\s?\p{N}{1,3}|\s?[^\s\p{L}\p{N}]|\s/gu;

/** Cuts a text into pieces about as long as a real model's tokens. Joined again they are the text. */
export function tokenize(text: string): string[] {
  return text.match(piece) ?? [];
}

export function countTokens(text: string): number {
  return tokenize(text).length;
}
