import type { Page } from '../repository.ts';

/** A fenced block of a page. */
export interface FencedBlock {
  /** Where it stands, e.g. `docs/limits.md:12`. */
  readonly place: string;
  readonly page: string;
  readonly language: string;
  readonly text: string;
  /** What the comment right above it asks for, e.g. `not run` of `<!-- not run: it downloads 330 MB -->`. */
  readonly marker?: string;
  /** What that comment says after its colon. */
  readonly note?: string;
  /** It stands between `<!-- generated: … -->` and `<!-- end of generated -->`. */
  readonly generated: boolean;
}

const fence = /^(?<indent> *)```(?<language>\w*)\s*$/;
const markerComment = /^<!-- (?<marker>[a-z ]+?)(?:: (?<note>.+))? -->$/;

/** The fenced blocks of a page, in order. Throws for a fence that is never closed. */
export function fencedBlocks({ name, text }: Page): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  const lines = text.split('\n');
  let generated = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^<!-- (generated: \w+|end of generated) -->$/.test(line)) generated = line.startsWith('<!-- generated');
    const opening = fence.exec(line)?.groups;
    if (!opening) continue;
    const { indent = '', language = '' } = opening;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end < 0) throw new Error(`${name}:${at + 1}: this block is never closed.`);
    const body = lines.slice(at + 1, end).map((row) => row.slice(indent.length));
    const comment = markerComment.exec(lines[at - 1]?.trim() ?? '')?.groups;
    blocks.push({
      place: `${name}:${at + 1}`,
      page: name,
      language,
      text: `${body.join('\n')}\n`,
      generated,
      ...(comment?.['marker'] && { marker: comment['marker'] }),
      ...(comment?.['note'] && { note: comment['note'] }),
    });
    at = end;
  }
  return blocks;
}
