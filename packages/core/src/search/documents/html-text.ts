import { decodeEntities } from './html-entities.ts';

export interface HtmlText {
  /** Of `<title>`, else of the first `<h1>`. */
  readonly title: string | undefined;
  /** What a reader sees, one block a line. */
  readonly text: string;
}

/** Elements whose content is not for readers. */
const hidden = new Set(['script', 'style', 'template', 'noscript', 'svg', 'head', 'iframe', 'nav']);
/** Elements whose content holds no tags, whatever it looks like. */
const raw = new Set(['script', 'style', 'title', 'textarea']);
const inline = new Set(
  'a abbr b bdi cite code em i kbd mark q s samp small span strong sub sup time u var wbr font'.split(' '),
);

/** Reads what a page says, once through from left to right, whatever is broken in it. */
export function htmlText(html: string): HtmlText {
  const reader = new Reader(html);
  reader.readAll();
  const text = tidy(decodeEntities(reader.text));
  const title = [reader.title, reader.heading].map((words) => tidy(decodeEntities(words)).replace(/\n/g, ' '));
  return { title: title.find((words) => words !== ''), text };
}

/** Markup in a line of text, e.g. a search result's `<strong>`, taken out. */
export function plainLine(html: string): string {
  return htmlText(html).text.replace(/\s+/g, ' ').trim();
}

class Reader {
  text = '';
  title = '';
  heading = '';
  readonly #html: string;
  #at = 0;
  #hidden: string | undefined;
  #depth = 0;
  #inHeading = false;
  #headings = 0;

  constructor(html: string) {
    this.#html = html;
  }

  readAll(): void {
    while (this.#at < this.#html.length) {
      const open = this.#html.indexOf('<', this.#at);
      this.#say(this.#html.slice(this.#at, open < 0 ? undefined : open));
      if (open < 0) return;
      this.#at = open;
      if (this.#html.startsWith('<!--', open)) this.#skipTo('-->');
      else if (/^<[!?]/.test(this.#html.slice(open, open + 2))) this.#skipTo('>');
      else this.#readTag();
    }
  }

  #readTag(): void {
    const name = /^<\/?([a-z][a-z0-9-]*)/i.exec(this.#html.slice(this.#at, this.#at + 40))?.[1]?.toLowerCase();
    if (name === undefined) {
      this.#say('<');
      this.#at += 1;
      return;
    }
    const closing = this.#html[this.#at + 1] === '/';
    this.#skipTo('>');
    if (closing) this.#close(name);
    else if (this.#html[this.#at - 2] === '/') this.#breakAt(name);
    else this.#open(name);
  }

  #open(name: string): void {
    if (raw.has(name)) {
      this.#readRaw(name);
      return;
    }
    if (hidden.has(name) && (this.#hidden === undefined || this.#hidden === name)) {
      this.#hidden = name;
      this.#depth += 1;
    }
    // A page without </head> is all head otherwise.
    if (name === 'body') this.#hidden = undefined;
    if (name === 'h1') {
      this.#inHeading = this.#headings === 0;
      this.#headings += 1;
    }
    this.#breakAt(name);
  }

  #close(name: string): void {
    if (name === this.#hidden) {
      this.#depth -= 1;
      if (this.#depth === 0) this.#hidden = undefined;
    }
    if (name === 'h1') this.#inHeading = false;
    this.#breakAt(name);
  }

  #readRaw(name: string): void {
    const end = indexOfIgnoringCase(this.#html, `</${name}`, this.#at);
    const content = this.#html.slice(this.#at, end);
    if (name === 'title' && this.title === '') this.title = content;
    if (name === 'textarea') this.#say(content);
    this.#at = end;
  }

  #say(words: string): void {
    if (this.#hidden !== undefined) return;
    this.text += words;
    if (this.#inHeading) this.heading += words;
  }

  #breakAt(name: string): void {
    if (!inline.has(name)) this.#say('\n');
  }

  #skipTo(mark: string): void {
    const end = this.#html.indexOf(mark, this.#at);
    this.#at = end < 0 ? this.#html.length : end + mark.length;
  }
}

function indexOfIgnoringCase(text: string, mark: string, from: number): number {
  const pattern = new RegExp(mark, 'gi');
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

function tidy(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}
