/**
 * Flite's phones (ARPAbet as in CMUdict, with `ax` for the unstressed AH) in the symbols Kokoro was trained on. The right-hand
 * side is the American set of misaki's EN_PHONES.md (Apache-2.0): one letter for each diphthong, clusters as ligatures.
 */
const symbols: ReadonlyMap<string, string> = new Map(
  Object.entries({
    aa: 'ɑ',
    ae: 'æ',
    ah: 'ʌ',
    ao: 'ɔ',
    aw: 'W',
    ax: 'ə',
    axr: 'əɹ',
    ay: 'I',
    b: 'b',
    ch: 'ʧ',
    d: 'd',
    dh: 'ð',
    dx: 'ɾ',
    eh: 'ɛ',
    el: 'ᵊl',
    em: 'ᵊm',
    en: 'ᵊn',
    er: 'ɜɹ',
    ey: 'A',
    f: 'f',
    g: 'ɡ',
    hh: 'h',
    ih: 'ɪ',
    iy: 'i',
    jh: 'ʤ',
    k: 'k',
    l: 'l',
    m: 'm',
    n: 'n',
    ng: 'ŋ',
    ow: 'O',
    oy: 'Y',
    p: 'p',
    r: 'ɹ',
    s: 's',
    sh: 'ʃ',
    t: 't',
    th: 'θ',
    uh: 'ʊ',
    uw: 'u',
    v: 'v',
    w: 'w',
    y: 'j',
    z: 'z',
    zh: 'ʒ',
  }),
);

/** Misaki writes the unstressed ER as schwa and r: `ˈʌndəɹ`. */
const unstressed: ReadonlyMap<string, string> = new Map([['er', 'əɹ']]);

const primaryStress = 'ˈ';

/**
 * One phone as Flite prints it, `ow1` or `l`, as Kokoro's symbols, `ˈO` or `l`: the stress mark stands right before its vowel.
 * Nothing for phones that have no sound.
 */
export function phoneSymbols(phone: string): string {
  const stress = phone.at(-1);
  const name = phone.replace(/\d$/, '');
  if (stress === '0') return unstressed.get(name) ?? symbols.get(name) ?? '';
  const symbol = symbols.get(name) ?? '';
  return stress === '1' && symbol !== '' ? primaryStress + symbol : symbol;
}
