/** What stands in a page between single backticks, in order. */
export function codeSpans(text: string): string[] {
  const prose = text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** The words of a command in a sentence: quotes hold words together, `…` stands for what is left out. */
export function commandWords(code: string): string[] {
  const words = [...code.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare,
  );
  return words.flatMap((word) => (word === undefined || word === '…' ? [] : [word]));
}
