import type { Page } from './repository.ts';

/** A fenced block of a page. */
export interface FencedBlock {
  /** Where it stands, e.g. `docs/limits.md:12`. */
  readonly place: string;
  readonly page: string;
  readonly language: string;
  readonly text: string;
  /** What the comment right above it asks for: `<!-- run -->`, `<!-- run: words in its output -->`, `<!-- config -->`. */
  readonly marker?: 'run' | 'config';
  /** What its output must hold. */
  readonly says?: string;
}

const fence = /^(?<indent> *)```(?<language>\w*)\s*$/;
const markerComment = /^<!-- (?<marker>run|config)(?:: (?<says>.+))? -->$/;

/** The fenced blocks of a page, in order. Throws for a fence that is never closed. */
export function fencedBlocks({ name, text }: Page): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const opening = fence.exec(lines[at] ?? '')?.groups;
    if (!opening) continue;
    const { indent = '', language = '' } = opening;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end < 0) throw new Error(`${name}:${at + 1}: this block is never closed.`);
    const body = lines.slice(at + 1, end).map((line) => line.slice(indent.length));
    const comment = markerComment.exec(lines[at - 1]?.trim() ?? '')?.groups;
    blocks.push({
      place: `${name}:${at + 1}`,
      page: name,
      language,
      text: `${body.join('\n')}\n`,
      ...(comment && { marker: comment['marker'] as 'run' | 'config' }),
      ...(comment?.['says'] && { says: comment['says'] }),
    });
    at = end;
  }
  return blocks;
}
