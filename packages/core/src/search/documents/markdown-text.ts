import { plainLine } from './html-text.ts';

/** A Markdown file's title (front matter, else the first heading) and its words without the marks. */
export function markdownText(markdown: string): { title: string | undefined; text: string } {
  const { front, rest } = splitFrontMatter(markdown);
  const title = front.match(/^title:\s*(['"]?)(.+?)\1\s*$/m)?.[2] ?? rest.match(/^ {0,3}#{1,6}\s+(.+?)[\s#]*$/m)?.[1];
  const text = rest
    .split('\n')
    .map(plainMarkdown)
    .filter((line) => line !== '')
    .join('\n');
  return { title: title === undefined ? undefined : plainMarkdown(title), text };
}

function splitFrontMatter(markdown: string): { front: string; rest: string } {
  const found = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(markdown);
  return found ? { front: found[1] ?? '', rest: markdown.slice(found[0].length) } : { front: '', rest: markdown };
}

function plainMarkdown(line: string): string {
  // A table's rule, a heading's underline, a code fence.
  if (/^\s*(?:[|:\-\s]+|=+|`{3,}.*|~{3,}.*)$/.test(line)) return '';
  const words = line
    .replace(/^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+)/, '')
    .replace(/!?\[([^[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)/g, '$1')
    .replace(/[`*]+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/\s*\|\s*/g, ' ')
    .trim();
  return /<[a-z/!]/i.test(words) ? plainLine(words) : words;
}
