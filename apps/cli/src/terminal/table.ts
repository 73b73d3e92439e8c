import { stripVTControlCharacters } from 'node:util';

/** Rows under headings, columns aligned, two spaces between them. Nothing trails a line. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => width(line[column] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const width = (text: string) => stripVTControlCharacters(text).length;
const pad = (text: string, columns: number) => text + ' '.repeat(Math.max(0, columns - width(text)));
