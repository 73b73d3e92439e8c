import type { Goal } from '../report/goal.ts';
import { amount, megabytes, table } from '../report/table.ts';
import { slope } from '../statistics/line-fit.ts';
import type { SoakFigures } from './run-soak.ts';

export function reportSoak({ minutes, outcomes, examples, upstreamChats, memory }: SoakFigures): string {
  const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const rows = Object.entries(outcomes)
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => [name, String(count), `${amount((100 * count) / total)} %`]);
  const sampled = memory.filter((_, at) => at % Math.ceil(memory.length / 8) === 0);
  return [
    table([`${total} streams in ${minutes} minutes`, 'streams', 'share'], rows),
    ...(examples.length === 0 ? [] : [`What must not be, for example: ${JSON.stringify(examples, null, 2)}`]),
    `Chats each upstream was asked for: ${upstreamChats.join(', ')}`,
    `Memory, MB: ${sampled.map(({ y }) => megabytes(y)).join(', ')}`,
  ].join('\n\n');
}

export function soakGoals({ outcomes, upstreamChats, memory }: SoakFigures): Goal[] {
  const count = (name: string): number => outcomes[name] ?? 0;
  const mean = upstreamChats.reduce((sum, chats) => sum + chats, 0) / upstreamChats.length;
  const spread = (100 * (Math.max(...upstreamChats) - Math.min(...upstreamChats))) / mean;
  return [
    { name: 'hung requests', measured: count('hung'), unit: '', atMost: 0 },
    { name: 'wrong [DONE]', measured: count('wrong-done'), unit: '', atMost: 0 },
    { name: 'failures without a code', measured: count('unexplained'), unit: '', atMost: 0 },
    { name: 'complete streams', measured: count('complete'), unit: '', atLeast: 1 },
    { name: 'spread between equal upstreams', measured: spread, unit: '%', atMost: 10 },
    { name: 'memory growth after warm-up', measured: growth(memory), unit: '%', atMost: 10 },
  ];
}

/** How much the fitted line rises over the second half of the run, in percent of where it begins. */
function growth(memory: SoakFigures['memory']): number {
  const steady = memory.slice(Math.floor(memory.length / 2));
  const [first, last] = [steady[0], steady.at(-1)];
  if (!first || !last) return Number.NaN;
  return (100 * slope(steady) * (last.x - first.x)) / first.y;
}
