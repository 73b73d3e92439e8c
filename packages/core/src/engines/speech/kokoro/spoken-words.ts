import { phoneSymbols } from './phone-symbols.ts';

/** Words Flite says right only before another word, which they do not have here. */
const titles: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Mr: 'mister',
    Mrs: 'missis',
    Ms: 'miz',
    Dr: 'doctor',
    Prof: 'professor',
    St: 'saint',
    Jr: 'junior',
    Sr: 'senior',
    Mt: 'mount',
    vs: 'versus',
  }),
);

/** Little words that carry no stress in a sentence; Flite's dictionary stresses each as if it stood alone. */
const unstressedWords = new Set(
  'a an the and or but nor of to in on at by for from with as is am are was were be been has have had do does did can could will would shall should may might must i you he she it we they me him her us them my your his its our their that this than if so'.split(
    ' ',
  ),
);

const pause = 'pau';

interface Word {
  readonly text: string;
  /** Punctuation behind it that Kokoro reads as intonation. */
  readonly mark: string;
}

/**
 * A sentence as Flite must be asked for it: a comma after each word, so that a pause tells where one word's phones end. Flite
 * prints no word boundaries, and Kokoro was trained with spaces.
 */
export function pausedWords(sentence: string): string {
  return wordsOf(sentence)
    .map(({ text }) => text)
    .join(', ');
}

/**
 * The symbols Kokoro reads for a sentence, from the phones Flite gave for its `pausedWords`: words with spaces between and the
 * punctuation behind them. Where Flite ran words together, the phones keep its own groups and only the last mark stays.
 *
 * @example
 * wordSymbols('Hello, there!', ['pau', 'hh', 'ax0', 'l', 'ow1', 'pau', 'dh', 'eh1', 'r', 'pau']) // 'həlˈO, ðˈɛɹ!'
 */
export function wordSymbols(sentence: string, phones: readonly string[]): string {
  const words = wordsOf(sentence);
  const groups = groupsBetweenPauses(phones);
  if (groups.length !== words.length) return groups.map(spell).join(' ') + (words.at(-1)?.mark ?? '');
  return words.map((word, index) => spellWord(word, groups[index] ?? [])).join(' ');
}

function wordsOf(sentence: string): readonly Word[] {
  return sentence
    .replace(/([A-Za-z])[-/](?=[A-Za-z])/g, '$1 ')
    .split(/\s+/)
    .filter((token) => /[A-Za-z0-9]/.test(token))
    .map(readToken);
}

function readToken(token: string): Word {
  const text = token.replace(/^["'([{]+|["')\]}.,;:!?]+$/g, '');
  const behind = token.slice(token.indexOf(text) + text.length);
  const title = behind.startsWith('.') ? titles.get(text) : undefined;
  if (title !== undefined) return { text: title, mark: behind.slice(1).match(/[,;:!?]/)?.[0] ?? '' };
  return { text, mark: behind.includes('...') ? '…' : (behind.match(/[.,;:!?]/)?.[0] ?? '') };
}

function groupsBetweenPauses(phones: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [[]];
  for (const phone of phones) {
    if (phone === pause) groups.push([]);
    else groups.at(-1)?.push(phone);
  }
  return groups.filter((group) => group.length > 0);
}

function spellWord({ text, mark }: Word, phones: readonly string[]): string {
  const word = text.toLowerCase();
  // Alone, as Flite was asked for it, the article is the letter's name.
  if (word === 'a' && mark === '') return phoneSymbols('ax0');
  return spell(unstressedWords.has(word) ? phones.map((phone) => phone.replace(/1$/, '')) : phones) + mark;
}

function spell(phones: readonly string[]): string {
  return phones.map(phoneSymbols).join('');
}
