import { measureGateways } from './gateway/measure-gateways.ts';
import { gatewayGoals, reportGateways } from './gateway/report-gateways.ts';
import { failuresOf } from './gateway/summarize.ts';
import { measureLlama } from './llama/measure-llama.ts';
import { llamaGoals, reportLlama } from './llama/report-llama.ts';
import { measureMemory } from './memory/measure-memory.ts';
import { reportMemory } from './memory/report-memory.ts';
import type { BenchOptions, Part } from './options.ts';
import { measurePictures } from './pictures/measure-pictures.ts';
import { reportPictures } from './pictures/report-pictures.ts';
import { type Goal, goalTable } from './report/goal.ts';
import { machine, writeResults } from './report/write-results.ts';
import { portkeyIsInstalled } from './servers/start-portkey.ts';
import { measureStarts } from './start/measure-start.ts';
import { reportStarts, startGoals } from './start/report-starts.ts';

/** What one part found. */
interface Outcome {
  readonly figures: unknown;
  readonly text: string;
  readonly goals: readonly Goal[];
  readonly failed: number;
}

type Runner = (quick: boolean, say: (progress: string) => void) => Promise<Outcome>;

const runners: Record<Part, Runner> = {
  gateway: runGateway,
  start: runStart,
  memory: runMemory,
  llama: runLlama,
  pictures: runPictures,
};

/** Runs the parts one after another, prints and writes what they found, and returns the exit code. */
export async function runBench({ parts, quick, json, out }: BenchOptions): Promise<number> {
  const say = (progress: string) => process.stderr.isTTY && console.error(progress);
  const outcomes: [Part, Outcome][] = [];
  for (const part of parts) {
    const outcome = await runners[part](quick, say);
    outcomes.push([part, outcome]);
    if (!json) console.log(`\n── ${part} ${'─'.repeat(90 - part.length)}\n\n${outcome.text}`);
  }
  const goals = outcomes.flatMap(([, outcome]) => outcome.goals);
  const figures = Object.fromEntries(outcomes.map(([part, outcome]) => [part, outcome.figures]));
  const results = { at: new Date().toISOString(), quick, machine: machine(), goals, ...figures };
  const file = writeResults('bench', results, out);
  if (json) console.log(JSON.stringify(results, null, 2));
  else console.log(`\n${goalTable(goals)}\n\nWritten to ${file}`);
  return outcomes.some(([, { failed }]) => failed > 0) ? 1 : 0;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

async function runGateway(quick: boolean, say: (progress: string) => void): Promise<Outcome> {
  if (!portkeyIsInstalled()) say('Portkey is not installed beside it: pnpm bench:portkey-install');
  const size = quick ? { rounds: 2, roundMs: 500, warmUpMs: 3000 } : { rounds: 7, roundMs: 1500, warmUpMs: 10_000 };
  const figures = await measureGateways({ connections: [1, 16, 64, 256], tokens: 32, say, ...size });
  const failed = sum(Object.values(failuresOf(figures.measurements)));
  return { figures, text: reportGateways(figures), goals: gatewayGoals(figures), failed };
}

async function runStart(quick: boolean, say: (progress: string) => void): Promise<Outcome> {
  const figures = await measureStarts(quick ? 3 : 9, say);
  const failed = figures.filter(({ firstChatMs }) => Number.isNaN(firstChatMs)).length;
  return { figures, text: reportStarts(figures), goals: startGoals(figures), failed };
}

async function runMemory(quick: boolean, say: (progress: string) => void): Promise<Outcome> {
  const figures = await measureMemory(quick ? 10_000 : 100_000, say);
  return { figures, text: reportMemory(figures), goals: [], failed: figures.failed };
}

async function runLlama(quick: boolean, say: (progress: string) => void): Promise<Outcome> {
  const figures = await measureLlama({ rounds: quick ? 3 : 9, tokens: 128, say });
  return { figures, text: reportLlama(figures), goals: llamaGoals(figures), failed: figures.failed };
}

async function runPictures(quick: boolean, say: (progress: string) => void): Promise<Outcome> {
  const figures = await measurePictures({
    ...(quick ? { chats: 5, pictures: 20 } : { chats: 20, pictures: 100 }),
    say,
  });
  return { figures, text: reportPictures(figures), goals: [], failed: figures.failed };
}
