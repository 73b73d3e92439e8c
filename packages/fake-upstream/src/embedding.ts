import { hashText } from './random.ts';

/**
 * A unit vector for a text. Texts that share words and parts of words lie near each other: each feature adds to a few
 * dimensions chosen by its hash, so the cosine of two vectors follows the share of features in common.
 */
export function embedText(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const [feature, weight] of features(text)) addFeature(vector, feature, weight);
  return normalise(vector);
}

function features(text: string): [string, number][] {
  const said = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const found: [string, number][] = said.flatMap((word) => [
    [`word ${word}`, wordWeight(word)] as [string, number],
    ...trigrams(word).map((part): [string, number] => [`part ${part}`, 0.3]),
  ]);
  // Every text has at least one feature: a vector of zeros has no direction.
  return found.length > 0 ? found : [[`text ${text}`, 1]];
}

/** Short words are mostly grammar and say little about the subject. */
const wordWeight = (word: string) => (word.length <= 3 ? 0.3 : 1);

function trigrams(word: string): string[] {
  const padded = ` ${word} `;
  return Array.from({ length: padded.length - 2 }, (_, start) => padded.slice(start, start + 3));
}

function addFeature(vector: number[], feature: string, weight: number): void {
  for (let round = 0; round < 4; round++) {
    const hash = hashText(feature, round);
    const place = (hash >>> 1) % vector.length;
    vector[place] = (vector[place] ?? 0) + (hash & 1 ? weight : -weight);
  }
}

function normalise(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
