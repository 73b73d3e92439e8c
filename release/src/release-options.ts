import { parseArgs } from 'node:util';

export interface ReleaseOptions {
  /** Keep the folder with everything that was installed. */
  readonly keep: boolean;
  /** The folder the tarballs are packed into and stay in; without one they go when all is over. */
  readonly tarballs: string | undefined;
}

export const releaseHelp = `pnpm release:dry [--keep] [--tarballs FOLDER]

Does everything about a release except publishing: builds, packs, looks at the tarballs, then installs them outside the
repository as strangers do and uses them. It takes about two minutes; docs/releasing.md says what is done.

Options:
  --keep             keep the folder with everything that was installed, and print where it is
  --tarballs FOLDER  pack into this folder, below which each package gets one of its own, and keep it
  -h, --help         print this help

Ends with 1 when a step failed. What this machine cannot do is skipped and named; with ANURA_TEST_NO_SKIP=1 that fails too.`;

/** Reads the arguments; throws an error that names the wrong one. */
export function readReleaseOptions(args: readonly string[]): ReleaseOptions | 'help' {
  const { values } = parseArgs({
    args: args.filter((argument) => argument !== '--'),
    options: {
      keep: { type: 'boolean', default: false },
      tarballs: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return values.help ? 'help' : { keep: values.keep, tarballs: values.tarballs };
}
