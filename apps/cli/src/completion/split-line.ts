/**
 * The words of a command line as it stands before the cursor, without what only the shell sees: quotes and backslashes. The last
 * is the one that is being typed, `''` behind a space.
 */
export function splitLine(line: string): string[] {
  const words = [''];
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote === character) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (quote === '' && /\s/.test(character)) words.push('');
    else words.push((words.pop() ?? '') + (character === '\\' && quote !== "'" ? line.charAt(++at) : character));
  }
  return words.filter((word, index) => word !== '' || index === words.length - 1);
}
