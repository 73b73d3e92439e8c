import { printable } from './printable.ts';

/** Rows under headings, columns aligned, two spaces between them. Nothing trails a line. Cells are plain text on one line. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows].map((line) => line.map(onOneLine));
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Most of what stands in tables comes from a server. */
const onOneLine = (cell: string) => printable(cell).replaceAll(/[\n\t]+/g, ' ');
