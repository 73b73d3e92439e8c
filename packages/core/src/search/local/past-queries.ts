import type { DatabaseSync } from 'node:sqlite';
import { wordsOf } from './full-text-query.ts';

/** A query is shown to others only once it was asked so often: one person's words stay theirs. */
const timesBeforeShown = 3;
const mostKept = 5_000;
const mostWords = 8;

/** Queries that found something, for suggesting them to those who ask something like them. */
export class PastQueries {
  readonly #database: DatabaseSync;
  readonly #now: () => number;

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  remember(query: string): void {
    const shown = query.replace(/\s+/g, ' ').trim();
    if (wordsOf(shown).length > mostWords) return;
    this.#database
      .prepare(`
        insert into queries (query, shown, times, asked_at) values (?, ?, 1, ?)
        on conflict (query) do update set times = times + 1, asked_at = excluded.asked_at`)
      .run(shown.toLowerCase(), shown, this.#now());
    this.#database
      .prepare(
        'delete from queries where query in (select query from queries order by asked_at desc limit -1 offset ?)',
      )
      .run(mostKept);
  }

  /** Queries that share a word with this one, those that share most first, then the most asked. */
  like(query: string, most: number): readonly string[] {
    const own = new Set(wordsOf(query.toLowerCase()));
    const rows = this.#database.prepare('select shown, times from queries where times >= ?').all(timesBeforeShown);
    return rows
      .map(({ shown, times }) => ({
        shown: String(shown),
        times: Number(times),
        shared: sharedWords(String(shown), own),
      }))
      .filter(({ shared }) => shared > 0)
      .sort((a, b) => b.shared - a.shared || b.times - a.times)
      .map(({ shown }) => shown)
      .slice(0, most);
  }
}

function sharedWords(query: string, own: ReadonlySet<string>): number {
  return [...new Set(wordsOf(query.toLowerCase()))].filter((word) => own.has(word)).length;
}
