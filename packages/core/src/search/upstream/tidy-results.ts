import { plainLine } from '../documents/html-text.ts';
import type { SearchResult } from '../search-engine.ts';

const longestTitle = 200;
const longestDescription = 500;

/** A result as a service gives it, whatever it may hold. */
export interface RawResult {
  readonly title: unknown;
  readonly url: unknown;
  readonly description: unknown;
}

/** The first `count` results that are usable: an http address, each once, plain text. A missing title becomes the host. */
export function tidyResults(raw: readonly RawResult[], count: number): readonly SearchResult[] {
  const byUrl = new Map<string, SearchResult>();
  for (const { title, url, description } of raw) {
    if (byUrl.size === count) break;
    const page = typeof url === 'string' && url.length < 4096 && URL.canParse(url) ? new URL(url) : undefined;
    if (!page || !/^https?:$/.test(page.protocol) || byUrl.has(page.href)) continue;
    byUrl.set(page.href, {
      title: line(title, longestTitle) || page.hostname,
      url: page.href,
      description: line(description, longestDescription),
    });
  }
  return [...byUrl.values()];
}

/** Queries as plain lines, each once, none of them the query itself. */
export function tidyQueries(raw: readonly unknown[], query: string, most: number): readonly string[] {
  const own = query.trim().toLowerCase();
  const byKey = new Map(raw.map((words) => line(words, longestTitle)).map((words) => [words.toLowerCase(), words]));
  byKey.delete(own);
  byKey.delete('');
  return [...byKey.values()].slice(0, most);
}

/** The items of what should be a list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The fields of what should be an object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function line(value: unknown, longest: number): string {
  if (typeof value !== 'string') return '';
  const words = [...plainLine(value.slice(0, longest * 10))];
  return words.length <= longest
    ? words.join('')
    : `${words
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`;
}
