/** Scripts written without spaces, whose words SQLite's tokenizer cannot find. */
const ideograph =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]\p{M}*/gu;
/** Parts words and is not seen. */
const zeroWidthSpace = '\u200b';

/** Sets each such character apart, so that it is indexed as a word and a word becomes a phrase. */
export function spaceIdeographs(text: string): string {
  return text.replace(ideograph, `${zeroWidthSpace}$&${zeroWidthSpace}`);
}

/** The text as it was. */
export function closeIdeographs(text: string): string {
  return text.replaceAll(zeroWidthSpace, '');
}
