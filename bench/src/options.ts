import { parseArgs } from 'node:util';

const parts = ['gateway', 'start', 'memory', 'llama', 'pictures'] as const;
export type Part = (typeof parts)[number];

export interface BenchOptions {
  readonly parts: readonly Part[];
  /** About a minute in all instead of about ten. */
  readonly quick: boolean;
  /** Print the results as JSON instead of tables. */
  readonly json: boolean;
  /** Where the results are written besides. */
  readonly out: string | undefined;
}

export const benchHelp = `pnpm bench [--quick] [--only gateway|start|memory|llama|pictures]… [--json] [--out FILE]

Measures Anura beside what it stands in front of, in interleaved rounds on loopback addresses.

  gateway   what the gateway adds: a canned upstream alone, through Anura, and through Portkey's gateway
            where it is installed (pnpm bench:portkey-install)
  start     from starting the process to ready, and the first chat after that
  memory    resident memory over 100,000 requests
  llama     tokens/s of the bundled model through the server, against node-llama-cpp called directly
  pictures  first token of a chat with and without a drawing beside it, and resident memory over 100 pictures

Options:
  --quick      about a minute in all, for a first look; the full run takes about ten
  --only PART  this part alone; can be given several times
  --json       print the results as JSON instead of tables
  --out FILE   write the results there (default: bench/results/DATE.json)
  -h, --help   print this help

Ends with 1 when a request failed that should not have. Goals that are not reached are reported, no more.`;

/** Reads the arguments; throws an error that names the wrong one. */
export function readBenchOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: args.filter((argument) => argument !== '--'),
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  return {
    parts: values.only === undefined ? parts : values.only.map(readPart),
    quick: values.quick,
    json: values.json,
    out: values.out,
  };
}

function readPart(text: string): Part {
  const part = parts.find((one) => one === text);
  if (part === undefined) throw new Error(`--only: expected one of ${parts.join(', ')}, not "${text}"`);
  return part;
}
