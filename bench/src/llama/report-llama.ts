import type { Goal } from '../report/goal.ts';
import { amount, table } from '../report/table.ts';
import { median } from '../statistics/median.ts';
import { concurrencies, type LlamaFigures, type LlamaRound } from './measure-llama.ts';

export function reportLlama({ rounds, failed }: LlamaFigures): string {
  const rows = concurrencies.map((chats) => [
    String(chats),
    amount(speed(rounds, 'direct', chats), 0),
    amount(speed(rounds, 'embedded', chats), 0),
    amount(share(rounds, chats)),
  ]);
  return [
    table(['chats at once', 'direct tokens/s', 'through Anura', 'ratio by round'], rows),
    `${failed} chats failed.`,
  ].join('\n');
}

export function llamaGoals({ rounds }: LlamaFigures): Goal[] {
  const gain = speed(rounds, 'embedded', 8) / speed(rounds, 'embedded', 1);
  return [
    { name: 'tokens/s through Anura ÷ direct, 1 chat', measured: share(rounds, 1), unit: '×', atLeast: 0.95 },
    { name: 'tokens/s of 8 chats ÷ of 1', measured: gain, unit: '×', atLeast: 2 },
  ];
}

function speed(rounds: readonly LlamaRound[], runner: LlamaRound['runner'], chats: number): number {
  return median(of(rounds, runner, chats).map(({ tokensPerSecond }) => tokensPerSecond));
}

/** The median over the rounds of what the server reached of what was possible. */
function share(rounds: readonly LlamaRound[], chats: number): number {
  const direct = new Map(of(rounds, 'direct', chats).map((one) => [one.round, one.tokensPerSecond]));
  const embedded = of(rounds, 'embedded', chats);
  return median(embedded.map(({ round, tokensPerSecond }) => tokensPerSecond / (direct.get(round) ?? Number.NaN)));
}

const of = (rounds: readonly LlamaRound[], runner: LlamaRound['runner'], chats: number): LlamaRound[] =>
  rounds.filter((one) => one.runner === runner && one.chats === chats);
