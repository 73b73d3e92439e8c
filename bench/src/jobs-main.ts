import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { measureJobs } from './jobs/measure-jobs.ts';
import { jobsGoals, reportJobs } from './jobs/report-jobs.ts';
import { goalTable } from './report/goal.ts';
import { machine, writeResults } from './report/write-results.ts';

const help = `pnpm bench:jobs [--quick | --full] [--folder DIR] [--json] [--out FILE]

How many durable jobs a second Anura takes in and settles, with 64 in flight, as its table grows: 1,000 and
100,000 finished jobs. Beside it, in interleaved rounds, BullMQ on Redis and pg-boss on PostgreSQL where
they are installed (pnpm bench:jobs-install) and their servers are; it starts and ends those itself.

Options:
  --quick       1,000 and 10,000 finished jobs, fewer rounds
  --full        1,000,000 finished jobs as well
  --folder DIR  where the databases are made, for as long as it runs (default: the temporary folder)
  --json        print the results as JSON instead of tables
  --out FILE    write the results there (default: bench/results/jobs-DATE.json)
  -h, --help    print this help

Goals that are not reached are reported, no more.`;

interface Size {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly jobs: number;
}

const quick: Size = { sizes: [1_000, 10_000], rounds: 3, jobs: 1_000 };
const usual: Size = { sizes: [1_000, 100_000], rounds: 7, jobs: 3_000 };
const full: Size = { ...usual, sizes: [...usual.sizes, 1_000_000] };

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: args.filter((argument) => argument !== '--'),
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      folder: { type: 'string', default: tmpdir() },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  if (values.quick && values.full) throw new Error('--quick and --full: give one of them');
  const size = values.quick ? quick : values.full ? full : usual;
  const say = (progress: string) => process.stderr.isTTY && console.error(progress);
  const figures = await measureJobs({ ...size, inFlight: 64, folder: values.folder, say });
  const goals = jobsGoals(figures);
  const results = { at: new Date().toISOString(), machine: machine(), goals, ...figures };
  const file = writeResults('jobs', results, values.out);
  if (values.json) console.log(JSON.stringify(results, null, 2));
  else console.log(`${reportJobs(figures)}\n\n${goalTable(goals)}\n\nWritten to ${file}`);
}

// Without this a signal would end this process alone, and leave the servers and their data behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
