/** What a text becomes before it is spoken. */
export interface SpeakableText {
  /** Printable ASCII and line breaks. */
  readonly text: string;
  /** The first letter of another script, which the voices cannot read. */
  readonly unreadable?: string;
}

/** Letters that do not come apart into a base and an accent. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'th',
  Ð: 'Th',
  þ: 'th',
  Þ: 'Th',
  ı: 'i',
};

const signs: readonly (readonly [RegExp, string])[] = [
  [/[‘’‚′]/g, "'"],
  [/[“”„″«»]/g, '"'],
  [/[‐‑]/g, '-'],
  [/⁄/g, '/'],
  [/(\d)\s*[–—]\s*(?=\d)/g, '$1 to '],
  [/[–—―]/g, ', '],
  [/€\s?(\d[\d.,]*\d|\d)/g, '$1 euros'],
  [/£\s?(\d[\d.,]*\d|\d)/g, '$1 pounds'],
  [/¥\s?(\d[\d.,]*\d|\d)/g, '$1 yen'],
  [/€/g, ' euro '],
  [/£/g, ' pound '],
  [/¥/g, ' yen '],
  [/°\s?C\b/g, ' degrees Celsius'],
  [/°\s?F\b/g, ' degrees Fahrenheit'],
  [/°/g, ' degrees '],
  [/×/g, ' times '],
  [/÷/g, ' divided by '],
  [/(\s)<(?=\s)/g, '$1less than'],
  [/(\s)>(?=\s)/g, '$1greater than'],
  [/&/g, ' and '],
  [/@/g, ' at '],
  [/=/g, ' equals '],
  [/(^|\s)[-*_~^|\\#<>[\]{}`]+(?=\s)/g, '$1'],
  [/[<>*_~^|\\[\]{}`]/g, ' '],
];

/**
 * Brings a text into what English voices can read: accents and ligatures taken apart, common signs spelt out, emoji and control
 * characters dropped. Letters of other scripts are reported, never passed over in silence.
 */
export function speakableText(input: string): SpeakableText {
  const latin = unaccented(
    input
      .replace(/\r\n?|\u2028/g, '\n')
      .replace(/\u2029/g, '\n\n')
      .replace(/µ/g, ' micro'),
  );
  const unreadable = latin.match(/(?![A-Za-z])\p{L}/u)?.[0];
  const spelt = signs.reduce((text, [sign, words]) => text.replace(sign, words), latin);
  const text = spelt
    .replace(/[^\x20-\x7e\n]/gu, ' ')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
  return unreadable === undefined ? { text } : { text, unreadable };
}

/** Whether there is anything to say in a speakable text. */
export function saysSomething(text: string): boolean {
  return /[A-Za-z0-9]/.test(text);
}

function unaccented(text: string): string {
  // The circled and mathematical letters that some people write their names in become plain ones here.
  const plain = text.normalize('NFKD').replace(/\p{M}+/gu, '');
  return plain.replace(/[^\x20-\x7e]/g, (letter) => letters[letter] ?? letter);
}
