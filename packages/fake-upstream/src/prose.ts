import { integerBetween, pick, type Random } from './random.ts';

const subjects = [
  'A small frog',
  'The pond',
  'An old heron',
  'The morning mist',
  'A patient gardener',
  'Every tadpole',
];
const verbs = ['watches', 'remembers', 'follows', 'answers', 'carries', 'circles'];
const objects = [
  'the lily pads',
  'a quiet current',
  'the first light',
  'its own echo',
  'the warm stones',
  'a passing cloud',
];
const endings = [
  'until dusk',
  'without hurry',
  'after the rain',
  'as it always did',
  'and then rests',
  'near the reeds',
];

/** Endless readable words. The same random sequence gives the same words. */
function* words(random: Random): Generator<string, never> {
  while (true) {
    const sentence = `${pick(random, subjects)} ${pick(random, verbs)} ${pick(random, objects)} ${pick(random, endings)}.`;
    yield* sentence.split(' ');
  }
}

export function prose(random: Random, wordCount = integerBetween(random, 20, 45)): string {
  const chosen: string[] = [];
  for (const word of words(random)) {
    if (chosen.length >= wordCount) break;
    chosen.push(word);
  }
  return chosen.join(' ');
}
