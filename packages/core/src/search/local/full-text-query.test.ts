import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentIndex } from './document-index.ts';
import { fullTextQuery } from './full-text-query.ts';
import { closeIdeographs, spaceIdeographs } from './ideographs.ts';
import { openSearchDatabase } from './search-database.ts';

describe('what a person typed', () => {
  it.each([
    ['two words', '"two" AND "words"*'],
    ['"two words" more', '"two words" AND "more"*'],
    ['a "quote that never ends', '"a" AND "quote" AND "that" AND "never" AND "ends"*'],
    ['NOT title:x OR (y*', '"NOT" AND "title x" AND "OR" AND "y"*'],
    ['same same', '"same"*'],
    ['蛙の池', '"蛙 の 池"*'],
  ])('%j asks the index for %s', (typed, all) => {
    expect(fullTextQuery(typed)?.all).toBe(all);
  });

  it('asks for nothing where there is no word', () => {
    for (const typed of ['', '"', '*^(', '\u{1f438}', '\ud800']) expect(fullTextQuery(typed)).toBeUndefined();
  });

  it('never is an error to the index', () => {
    using database = openSearchDatabase(':memory:');
    const index = new DocumentIndex(database);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc
            .array(fc.constantFrom('"', '*', 'NEAR(', 'a', ' ', '-', ':', '^', ')', 'AND', '\0'))
            .map((words) => words.join('')),
        ),
        (typed) => {
          const query = fullTextQuery(typed);
          if (query) expect(index.find(query, 3)).toEqual([]);
        },
      ),
    );
  });
});

describe('scripts without spaces', () => {
  it('are set apart for the index and put together for showing', () => {
    expect(spaceIdeographs('a 蛙の b').split('\u200b')).toEqual(['a ', '蛙', '', 'の', ' b']);
    expect(closeIdeographs(spaceIdeographs('The 蛙の池 is (池).'))).toBe('The 蛙の池 is (池).');
  });
});
