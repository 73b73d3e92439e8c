import { htmlText } from './html-text.ts';
import { markdownText } from './markdown-text.ts';

export type DocumentKind = 'markdown' | 'html' | 'text';

/** A document as it is found and shown. */
export interface ReadableDocument {
  readonly title: string;
  readonly text: string;
}

const longestTitle = 200;

/**
 * Reads a document's title and words. Undefined where the bytes are no text or say nothing.
 *
 * @param fallbackTitle used where the document has none of its own, e.g. the file's name.
 * @param charset as the server told it. Default UTF-8, or what the first bytes say.
 */
export function readDocument(
  bytes: Uint8Array,
  kind: DocumentKind,
  fallbackTitle: string,
  charset?: string,
): ReadableDocument | undefined {
  const decoded = decode(bytes, charset);
  if (decoded.includes('\0')) return undefined;
  const { title, text } = readers[kind](decoded);
  const shown = [...(title ?? fallbackTitle).replace(/\s+/g, ' ').trim()].slice(0, longestTitle).join('');
  return /[\p{L}\p{N}]/u.test(text) ? { title: shown, text } : undefined;
}

/** The kind of a file by its name, or nothing where it is not for reading. */
export function kindOfFile(name: string): DocumentKind | undefined {
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === 'md' || ending === 'markdown') return 'markdown';
  if (ending === 'html' || ending === 'htm') return 'html';
  return ending === 'txt' ? 'text' : undefined;
}

const readers: Record<DocumentKind, (text: string) => { title: string | undefined; text: string }> = {
  markdown: markdownText,
  html: htmlText,
  text: (text) => ({ title: firstLine(text), text: text.trim() }),
};

/** A first line that is short enough is taken for a title. */
function firstLine(text: string): string | undefined {
  const line = text.trimStart().split('\n', 1)[0]?.trim() ?? '';
  return line !== '' && line.length <= 100 ? line : undefined;
}

function decode(bytes: Uint8Array, charset: string | undefined): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(bytes);
  } catch {
    // A charset nobody knows.
    return new TextDecoder().decode(bytes);
  }
}
