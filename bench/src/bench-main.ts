import { benchHelp, readBenchOptions } from './options.ts';
import { runBench } from './run-bench.ts';

/* The command `pnpm bench`. */
try {
  const options = readBenchOptions(process.argv.slice(2));
  if (options === 'help') console.log(benchHelp);
  else process.exitCode = await runBench(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
