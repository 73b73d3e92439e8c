import type { Goal } from '../report/goal.ts';
import { amount, megabytes, table } from '../report/table.ts';
import { median } from '../statistics/median.ts';
import type { Start } from './measure-start.ts';

export function reportStarts(starts: readonly Start[]): string {
  const rows = [...new Set(starts.map(({ target }) => target))].map((target) => {
    const own = starts.filter((start) => start.target === target);
    const ready = own.map(({ readyMs }) => readyMs);
    return [
      target,
      ...[amount(median(ready), 0), amount(Math.min(...ready), 0), amount(Math.max(...ready), 0)],
      amount(median(own.map(({ processorMs }) => processorMs)), 0),
      amount(median(own.map(({ firstChatMs }) => firstChatMs)), 0),
      megabytes(median(own.map(({ residentBytes }) => residentBytes))),
    ];
  });
  return table(['start without a model', 'ready ms', 'best', 'worst', 'CPU ms', 'first chat ms', 'memory MB'], rows);
}

export function startGoals(starts: readonly Start[]): Goal[] {
  const ready = starts.filter(({ target }) => target === 'anura').map(({ readyMs }) => readyMs);
  return [{ name: 'ready without a model', measured: median(ready), unit: 'ms', atMost: 500 }];
}
