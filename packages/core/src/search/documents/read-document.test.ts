import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlText, plainLine } from './html-text.ts';
import { type DocumentKind, kindOfFile, readDocument } from './read-document.ts';

const read = (text: string, kind: DocumentKind = 'markdown') => readDocument(Buffer.from(text), kind, 'file.name');

describe('a document', () => {
  it.each<[string, string, string]>([
    ['its front matter', '---\nlayout: x\ntitle: "The Pond"\n---\n# Frogs\nhop', 'The Pond'],
    ['its first heading', 'before\n\n## The *pond* [here](x.md) ##\nhop', 'The pond here'],
    ['its file where it has none', 'hop', 'file.name'],
  ])('in Markdown takes its title from %s', (_from, text, title) => {
    expect(read(text)?.title).toBe(title);
  });

  it('in Markdown keeps the words and drops the marks', () => {
    const text =
      '# Pond\n\n> A **frog** and `its_name` in [a pond](http://x "y").\n\n| a | b |\n|---|---|\n| c_d | e |\n- item\n```ts\nconst x = 1;\n```\n<p>html &amp; more</p>';
    expect(read(text)?.text).toBe('Pond\nA frog and its_name in a pond.\na b\nc_d e\nitem\nconst x = 1;\nhtml & more');
  });

  it('in HTML takes its title and what a reader sees', () => {
    const html = `<!doctype html><html><head><title>The &lt;Pond&gt;
      </title><style>p > a { color: red }</style></head><body><nav>menu</nav><h1>Frogs</h1>
      <script>if (a < b) document.write("<p>no</p>")</script><!-- <p>no</p> --><p>They <b>ho</b>p&nbsp;far.</p><svg/><p>1 < 2</p></body>`;
    expect(read(html, 'html')).toEqual({ title: 'The <Pond>', text: 'Frogs\nThey hop far.\n1 < 2' });
    expect(read('<h1>Only a heading</h1><p>x', 'html')?.title).toBe('Only a heading');
  });

  it('as text takes a short first line for its title', () => {
    expect(read('Pond life\n\nFrogs.', 'text')?.title).toBe('Pond life');
    expect(read(`${'long '.repeat(30)}\nx`, 'text')?.title).toBe('file.name');
  });

  it.each([
    ['UTF-16', Buffer.from('\ufeffüber den Teich', 'utf16le'), undefined],
    ['a named charset', Buffer.from('über den Teich', 'latin1'), 'iso-8859-1'],
    ['an unknown charset', Buffer.from('über den Teich'), 'x-nothing'],
  ])('is read in %s', (_what, bytes, charset) => {
    expect(readDocument(bytes, 'text', 'x', charset)?.text).toBe('über den Teich');
  });

  it.each([
    ['bytes that are no text', 'a\0b'],
    ['nothing', ''],
    ['only marks', '---\n***\n'],
  ])('is none where it holds %s', (_what, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('is known by its name', () => {
    expect(['a.md', 'B.HTML', 'c.txt', 'd.ts', 'e', '.md.png'].map(kindOfFile)).toEqual([
      'markdown',
      'html',
      'text',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('HTML', () => {
  it.each([
    ['AT&amp;T &#8217;quoted&#x2019; &bogus; &#0; &#xD800;', 'AT&T ’quoted’ &bogus; \ufffd \ufffd'],
    ['a < b and c > d', 'a < b and c > d'],
    ['one<br>two<br/>three', 'one two three'],
    ['<script>never closed', ''],
    ['cut <b', 'cut'],
  ])('%j says %j', (html, text) => {
    expect(plainLine(html)).toBe(text);
  });

  it('is read to the end whatever it is', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      '<!--',
      '-->',
      '<p',
      '<script>',
      '</script>',
      '<title>',
      '&amp;',
      '&#',
      'a',
      '"',
      '\n',
      '<svg>',
      '<body>',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(typeof htmlText(pieces.join('')).text).toBe('string');
      }),
    );
  });

  it('is read quickly, however it is broken', () => {
    const started = performance.now();
    for (const piece of ['<', '<a ', '<!--', '<script>', '<title>', '&', '</h1>', '<h1>', '<svg>'])
      htmlText(piece.repeat(200_000 / piece.length));
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
