import { readFileSync } from 'node:fs';

export interface InternalLink {
  /** Relative to the page; empty for the page itself. */
  readonly path: string;
  readonly anchor?: string;
}

const link = /\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g;

/** The links and pictures of a page that stay in the repository; what stands in code is none. */
export function internalLinks(text: string): InternalLink[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(link)].map(([, markdown, html]) => markdown ?? html ?? '');
  return targets.filter((target) => !/^[a-z]+:/.test(target)).map(splitTarget);
}

function splitTarget(target: string): InternalLink {
  const [path = '', anchor] = target.split('#');
  return { path: decodeURIComponent(path), ...(anchor && { anchor }) };
}

/** The names under which the headings of a page can be linked to, as GitHub makes them. */
export function headingAnchors(file: string): string[] {
  const headings = readFileSync(file, 'utf8').matchAll(/^#{1,6} +(.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}
