import type { DatabaseSync } from 'node:sqlite';
import type { SearchResult } from '../search-engine.ts';
import type { FullTextQuery } from './full-text-query.ts';
import { closeIdeographs, spaceIdeographs } from './ideographs.ts';

export interface IndexedDocument {
  /** Documents that are added and removed together, e.g. one folder. */
  readonly collection: string;
  /** Unique in its collection. */
  readonly name: string;
  readonly url: string;
  readonly title: string;
  readonly text: string;
  /** Changes when the document does. */
  readonly stamp: string;
}

/** A result and where to find more about it. */
export interface Hit extends SearchResult {
  readonly id: number;
}

/** A title says more than a word somewhere. */
const weights = '6.0, 1.0';
const snippetWords = 36;

/** Documents and their words in SQLite's full-text index, ranked by BM25. The database's owner closes it. */
export class DocumentIndex {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The stamps of a collection's documents by their names. */
  stamps(collection: string): Map<string, string> {
    const rows = this.#database.prepare('select name, stamp from documents where collection = ?').all(collection);
    return new Map(rows.map(({ name, stamp }) => [String(name), String(stamp)]));
  }

  /** Adds documents, replacing those of the same name, in one transaction. */
  put(documents: readonly IndexedDocument[]): void {
    this.#transaction(() => {
      for (const document of documents) this.#putOne(document);
    });
  }

  remove(collection: string, names: readonly string[]): void {
    this.#transaction(() => {
      for (const name of names) this.#removeOne(collection, name);
    });
  }

  /** How many documents each collection has. */
  collections(): readonly { readonly collection: string; readonly documents: number }[] {
    const rows = this.#database
      .prepare('select collection, count(*) as n from documents group by collection order by 1')
      .all();
    return rows.map(({ collection, n }) => ({ collection: String(collection), documents: Number(n) }));
  }

  /** Documents with every term, best first; filled up with those that have only some. */
  find(query: FullTextQuery, most: number): readonly Hit[] {
    const strict = this.#match(query.all, most);
    if (strict.length === most || query.all === query.any) return strict;
    const known = new Set(strict.map(({ id }) => id));
    return [...strict, ...this.#match(query.any, most + strict.length).filter(({ id }) => !known.has(id))].slice(
      0,
      most,
    );
  }

  /** How many documents there are, and how many have a word. */
  count(): number {
    return Number(this.#database.prepare('select count(*) as n from documents').get()?.['n']);
  }

  countWith(word: string): number {
    const statement = this.#database.prepare('select count(*) as n from words where words match ?');
    return Number(statement.get(`"${word.replaceAll('"', '')}"`)?.['n']);
  }

  /** The beginning of a document, as it was indexed. */
  beginning(id: number, characters: number): string {
    const statement = this.#database.prepare('select title, substr(body, 1, ?) as body from words where rowid = ?');
    const row = statement.get(characters, id);
    return row ? `${row['title']}\n${row['body']}` : '';
  }

  #match(match: string, most: number): readonly Hit[] {
    const rows = this.#database
      .prepare(`
        select documents.id, documents.title, documents.url, snippet(words, 1, '', '', '…', ${snippetWords}) as description
        from words join documents on documents.id = words.rowid
        where words match ? order by bm25(words, ${weights}), documents.id limit ?`)
      .all(match, most);
    return rows.map(({ id, title, url, description }) => ({
      id: Number(id),
      title: String(title),
      url: String(url),
      description: closeIdeographs(String(description).replace(/\s+/g, ' ')),
    }));
  }

  #putOne({ collection, name, url, title, text, stamp }: IndexedDocument): void {
    this.#removeOne(collection, name);
    const { lastInsertRowid } = this.#database
      .prepare('insert into documents (collection, name, url, title, stamp) values (?, ?, ?, ?, ?)')
      .run(collection, name, url, title, stamp);
    this.#database
      .prepare('insert into words (rowid, title, body) values (?, ?, ?)')
      .run(lastInsertRowid, spaceIdeographs(title), spaceIdeographs(text));
  }

  #removeOne(collection: string, name: string): void {
    const row = this.#database
      .prepare('select id from documents where collection = ? and name = ?')
      .get(collection, name);
    if (!row) return;
    this.#database.prepare('delete from words where rowid = ?').run(Number(row['id']));
    this.#database.prepare('delete from documents where id = ?').run(Number(row['id']));
  }

  #transaction(work: () => void): void {
    this.#database.exec('begin immediate');
    try {
      work();
      this.#database.exec('commit');
    } catch (error) {
      this.#database.exec('rollback');
      throw error;
    }
  }
}
