import type { Setup } from '../program.ts';
import { withConnection, withJson } from './connection-options.ts';
import { numberBetween, wholeNumber } from './parse-number.ts';

const benchHelp = `
Works on every OpenAI-compatible server. A request that is not counted goes first; then as many as told are
open at any time. Prompts are numbered, so that none is answered from a cache. Failures are counted; whoever
fails waits as long as the server asks, a second at most. It ends with 1 when nothing was answered, and Ctrl-C
shows what there is.

Examples:
  anura bench
  anura bench --model llama3.1:8b --concurrency 16 --seconds 60
  anura bench --url http://127.0.0.1:11434/v1 --model llama3.1:8b --json > ollama.json`;

export function addBenchCommand({ program, context, setExitCode }: Setup): void {
  const bench = withJson(program.command('bench'))
    .description('put a load on a server and measure how it answers')
    .option('-m, --model <name>', 'the model (default: the first chat model)')
    .option('-c, --concurrency <number>', 'how many requests at once, 1000 at most', wholeNumber(1, 1000), 4)
    .option(
      '-n, --requests <number>',
      'how many in all (default: 50, or as many as fit into --seconds)',
      wholeNumber(1, 1_000_000),
    )
    .option('--seconds <number>', 'begin none after this time', numberBetween(0.1, 86_400))
    .option('--prompt <text>', 'what is asked, behind a number', 'Write a short story about a frog.')
    .option('--max-tokens <number>', 'the longest answer', wholeNumber(1, 1_000_000), 64)
    .option('--timeout <seconds>', 'how long a silence is a failure', numberBetween(0.1, 3600), 120)
    .addHelpText('after', benchHelp);
  withConnection(bench).action(async (options) =>
    setExitCode(await (await import('../commands/bench.ts')).bench(options, context)),
  );
}
