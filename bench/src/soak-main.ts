import { parseArgs } from 'node:util';
import { goalTable, isReached } from './report/goal.ts';
import { machine, writeResults } from './report/write-results.ts';
import { reportSoak, soakGoals } from './soak/report-soak.ts';
import { runSoak } from './soak/run-soak.ts';

const help = `pnpm bench:soak [--minutes 3] [--json] [--out FILE]

200 clients stream through Anura from three upstreams that fail in every way they can. Ends with 1 when a
stream hangs, says [DONE] without being complete, or fails without a code, when the upstreams are not used
alike, or when memory grows.`;

/** Runs the soak and returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: args.filter((argument) => argument !== '--'),
    options: {
      minutes: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const minutes = Number(values.minutes);
  if (!(minutes >= 0.1 && minutes <= 600)) throw new Error('--minutes: expected a number from 0.1 to 600');
  const figures = await runSoak(minutes, (progress) => process.stderr.isTTY && console.error(progress));
  const goals = soakGoals(figures);
  const results = { at: new Date().toISOString(), machine: machine(), goals, ...figures };
  const file = writeResults('soak', results, values.out);
  if (values.json) console.log(JSON.stringify(results, null, 2));
  else console.log(`${reportSoak(figures)}\n\n${goalTable(goals)}\n\nWritten to ${file}`);
  return goals.every((goal) => isReached(goal)) ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
