/** A piece of text to say in one breath. */
export interface Sentence {
  readonly text: string;
  /** Silence to follow, seconds. */
  readonly pauseSeconds: number;
}

const pauseSeconds = { piece: 0.05, clause: 0.16, sentence: 0.35, paragraph: 0.7 } as const;

/** After these a full stop ends no sentence. */
const abbreviation = /(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Mt|vs|etc|approx|Inc|Ltd|Co|No|e\.g|i\.e|[A-Z])\.\s*$/;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * Cuts a text into sentences of at most `mostCharacters`, longer ones at clauses, then at words, then anywhere, so that
 * progress is told and work can stop every few seconds. Nothing is lost but white space.
 */
export function splitSentences(text: string, mostCharacters: number): readonly Sentence[] {
  return text
    .split(/\n\s*\n/)
    .flatMap((paragraph) => lastPaused(paragraphSentences(paragraph, mostCharacters), pauseSeconds.paragraph));
}

function paragraphSentences(paragraph: string, mostCharacters: number): readonly Sentence[] {
  const whole: string[] = [];
  for (const { segment } of segmenter.segment(paragraph.replace(/\s+/g, ' ').trim())) {
    const before = whole.at(-1);
    if (before !== undefined && abbreviation.test(before)) whole[whole.length - 1] = before + segment;
    else whole.push(segment);
  }
  return whole.flatMap((sentence) => lastPaused(cut(sentence.trim(), mostCharacters), pauseSeconds.sentence));
}

function cut(sentence: string, mostCharacters: number): readonly Sentence[] {
  const pieces: Sentence[] = [];
  let rest = sentence;
  while (rest.length > mostCharacters) {
    const at = cutPlace(rest, mostCharacters);
    const text = rest.slice(0, at).trim();
    pieces.push({ text, pauseSeconds: /[,;:—]$/.test(text) ? pauseSeconds.clause : pauseSeconds.piece });
    rest = rest.slice(at).trim();
  }
  return rest === '' ? pieces : [...pieces, { text: rest, pauseSeconds: pauseSeconds.sentence }];
}

/** Behind the last clause that fits, if it is not too short; else the last word; else wherever the limit falls. */
function cutPlace(text: string, mostCharacters: number): number {
  const head = text.slice(0, mostCharacters);
  const clause = Math.max(...[', ', '; ', ': ', '— '].map((mark) => head.lastIndexOf(mark) + 1));
  if (clause > mostCharacters / 3) return clause;
  const word = head.lastIndexOf(' ');
  return word > 0 ? word : mostCharacters;
}

function lastPaused(sentences: readonly Sentence[], pause: number): readonly Sentence[] {
  return sentences.map((sentence, index) =>
    index === sentences.length - 1 ? { ...sentence, pauseSeconds: pause } : sentence,
  );
}
