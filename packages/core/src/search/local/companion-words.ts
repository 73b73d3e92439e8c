import type { DocumentIndex, Hit } from './document-index.ts';
import { wordsOf } from './full-text-query.ts';
import { closeIdeographs } from './ideographs.ts';

/** How much of each found document is looked at, characters. */
const lookedAt = 4_000;
const candidates = 24;
const shortestWord = 4;

/** Words that stand beside everything. */
const common = new Set(
  'about above after again along also although always another because back been before behind being below beside between both cannot could does done down each either else even ever every from gets give given goes have having here however into itself just keep like made make makes many may might more most much must need never next none only other others over own same says set should since some such take than that their them then there these they thing things this those through under until upon used uses using very want well were what when where whether which while will with within without would your'.split(
    ' ',
  ),
);

/**
 * Words that are in many of the found documents and in few of the others, best first: what a query could be narrowed by.
 * Ranked by how often they were found times the logarithm of how rare they are.
 */
export function companionWords(
  index: DocumentIndex,
  hits: readonly Hit[],
  query: string,
  most: number,
): readonly string[] {
  const total = index.count();
  return mostFound(hits, index, query)
    .map(([word, found]) => ({ word, score: found * Math.log((total + 1) / (index.countWith(word) + 0.5)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ word }) => word)
    .slice(0, most);
}

function mostFound(hits: readonly Hit[], index: DocumentIndex, query: string): readonly (readonly [string, number])[] {
  const own = wordsOf(query.toLowerCase());
  const found = new Map<string, number>();
  for (const { id } of hits) {
    const text = closeIdeographs(index.beginning(id, lookedAt)).toLowerCase();
    for (const word of new Set(wordsOf(text))) {
      if (isTelling(word) && !own.some((one) => isAkin(word, one))) found.set(word, (found.get(word) ?? 0) + 1);
    }
  }
  const least = Math.min(2, hits.length);
  return [...found]
    .filter(([, times]) => times >= least)
    .sort((a, b) => b[1] - a[1])
    .slice(0, candidates);
}

function isTelling(word: string): boolean {
  return word.length >= shortestWord && word.length <= 30 && !common.has(word) && !/\d/.test(word);
}

/** `schedule` and `scheduler`: another form of a word narrows nothing. */
function isAkin(word: string, other: string): boolean {
  return word.startsWith(other) || other.startsWith(word);
}
