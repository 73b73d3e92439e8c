import { amount, megabytes, table } from '../report/table.ts';
import { median } from '../statistics/median.ts';
import type { PictureFigures } from './measure-pictures.ts';

export function reportPictures({ aloneMs, drawingMs, pictureMs, points }: PictureFigures): string {
  const row = (name: string, values: readonly number[]) => [
    name,
    ...[median(values), Math.min(...values), Math.max(...values)].map((value) => amount(value, 0)),
  ];
  const last = points.length;
  const shown = points.filter(({ x }) => x === 1 || [1, 2, 3, 4].some((part) => x === Math.round((part * last) / 4)));
  return [
    table(
      ['ms', 'median', 'best', 'worst'],
      [
        row('first token, nothing drawn', aloneMs),
        row('first token beside a drawing', drawingMs),
        row('a picture', pictureMs),
      ],
    ),
    table(['pictures', ...shown.map(({ x }) => amount(x, 0))], [['memory MB', ...shown.map(({ y }) => megabytes(y))]]),
  ].join('\n\n');
}
