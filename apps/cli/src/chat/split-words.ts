/** The first word of `anura chat …` may be a model or the beginning of the prompt. */
export interface ChatWords {
  readonly model?: string;
  readonly prompt: string;
}

/**
 * Tells the two apart. It is a model when the server has one of that name, or when it looks like one: a `:` or `/` in it, or
 * alone on the line with nothing piped in, so that a slip in a name is reported and not asked as a question.
 */
export function splitWords(words: readonly string[], modelNames: readonly string[], isPiped: boolean): ChatWords {
  const [first, ...rest] = words;
  if (first === undefined) return { prompt: '' };
  const alone = rest.length === 0 && !isPiped;
  const isName = modelNames.includes(first) || /^[^\s]+[:/][^\s]+$/.test(first) || (alone && !/\s/.test(first));
  return isName ? { model: first, prompt: rest.join(' ') } : { prompt: words.join(' ') };
}
