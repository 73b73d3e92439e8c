import { type Shell, shellScripts } from '../completion/shell-scripts.ts';
import { splitLine } from '../completion/split-line.ts';
import { type Suggestion, suggest } from '../completion/suggest.ts';
import { type Context, printLine } from '../context.ts';
import type { Setup } from '../program.ts';

export function printScript(shell: Shell, { stdout }: Context): void {
  stdout.write(shellScripts[shell]);
}

/**
 * Answers a shell in which Tab was pressed, one suggestion a line. It has no other way to say that something failed than to say
 * nothing.
 * @param words those of the command up to the cursor, without the command; of bash and PowerShell the line itself, with it
 * @param build the program these words are for
 */
export async function complete(
  shell: Shell,
  words: readonly string[],
  build: Setup['build'],
  context: Context,
): Promise<void> {
  const isLine = shell === 'bash' || shell === 'powershell';
  const typed = isLine ? splitLine(words[0] ?? '').slice(1) : words;
  const program = await build(typed);
  const suggestions = await suggest(program, typed, context);
  const cut = shell === 'bash' ? cutByBash(typed.at(-1) ?? '', words[1] ?? '') : 0;
  for (const suggestion of suggestions) printLine(context.stdout, writings[shell](suggestion, cut));
}

const writings: Readonly<Record<Shell, (suggestion: Suggestion, cut: number) => string>> = {
  bash: ({ value }, cut) => value.slice(cut),
  zsh: ({ value, description }) => [value, description].map((text) => text.replaceAll(/[\\:]/g, '\\$&')).join(':'),
  fish: withTab,
  powershell: withTab,
};

function withTab({ value, description }: Suggestion): string {
  return description ? `${value}\t${description}` : value;
}

/** How much of a word bash leaves standing, because it holds a character, like a colon, at which bash thinks words end. */
function cutByBash(word: string, breaks: string): number {
  return Math.max(...[':', '='].map((character) => (breaks.includes(character) ? word.lastIndexOf(character) + 1 : 0)));
}
