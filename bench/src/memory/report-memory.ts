import { amount, megabytes, table } from '../report/table.ts';
import type { MemoryFigures } from './measure-memory.ts';

export function reportMemory({ points, failed, growthPer1000 }: MemoryFigures): string {
  const shown = points.filter((_, at) => at % 4 === 0);
  return [
    table(['requests', ...shown.map(({ x }) => amount(x, 0))], [['memory MB', ...shown.map(({ y }) => megabytes(y))]]),
    `Growth over the second half: ${amount(growthPer1000 / 1000, 1)} kB per 1,000 requests; ${failed} requests failed.`,
  ].join('\n');
}
