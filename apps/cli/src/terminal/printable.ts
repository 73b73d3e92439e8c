/**
 * Text from a server or a model for a terminal: control characters, which could move the cursor or retitle the window, are
 * dropped; line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}]/gu, (character) => (character === '\n' || character === '\t' ? character : ''));
}
