/** What the model was trained to read at once, symbols. */
const mostSymbols = 510;
/** The number that begins and ends each input. */
const edge = 0;

/**
 * The model's inputs for a line of symbols: numbers with an edge on both sides, more than one where the line is too long, cut
 * at spaces. Symbols the model does not know are left out.
 */
export function symbolNumbers(
  symbols: string,
  vocabulary: Readonly<Record<string, number>>,
): readonly (readonly number[])[] {
  return cutAtSpaces(symbols)
    .map((line) =>
      [...line].flatMap((symbol) => (Object.hasOwn(vocabulary, symbol) ? [vocabulary[symbol] ?? edge] : [])),
    )
    .filter((numbers) => numbers.length > 0)
    .map((numbers) => [edge, ...numbers, edge]);
}

function cutAtSpaces(symbols: string): readonly string[] {
  const lines: string[] = [];
  let rest = symbols;
  while (rest.length > mostSymbols) {
    const space = rest.lastIndexOf(' ', mostSymbols);
    const at = space > 0 ? space : mostSymbols;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
