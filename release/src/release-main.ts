// `pnpm release:dry`: everything about a release except publishing. Builds, packs, checks the tarballs, then installs them outside
// the repository as strangers do and uses them.
import { join, resolve } from 'node:path';
import { checkTarballs } from './check-tarballs.ts';
import { Projects } from './projects/project.ts';
import { becomeStranger, forget, type Stranger } from './projects/stranger.ts';
import { type ReleaseOptions, readReleaseOptions, releaseHelp } from './release-options.ts';
import { repository } from './repository.ts';
import { runCommand } from './run-command.ts';
import { CannotGoOn, Steps } from './steps.ts';
import { useClient } from './use-client.ts';
import { useExamples } from './use-examples.ts';
import { useLibraries } from './use-libraries.ts';
import { useServer } from './use-server.ts';

const options = optionsOrEnd();
const steps = new Steps({
  print: (line) => console.log(line),
  skipFails: process.env['ANURA_TEST_NO_SKIP'] === '1',
});

const stranger = await becomeStranger();
process.once('exit', () => (options.keep ? console.log(`kept: ${stranger.folder}`) : forget(stranger)));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  await release(stranger);
} catch (error) {
  if (!(error instanceof CannotGoOn)) throw error;
  console.log(error.message);
}
console.log(
  `release: ${steps.passed} ok, ${steps.failed} failed${steps.skipped > 0 ? `, ${steps.skipped} skipped` : ''}`,
);
process.exit(steps.failed > 0 ? 1 : 0);

function optionsOrEnd(): ReleaseOptions {
  try {
    const read = readReleaseOptions(process.argv.slice(2));
    if (read !== 'help') return read;
    console.log(releaseHelp);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}. pnpm release:dry --help lists what there is.`);
    process.exit(2);
  }
}

async function release(stranger: Stranger): Promise<void> {
  await steps.require('build', async () => {
    const args = ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'];
    await runCommand('pnpm', args, { cwd: repository, env: process.env });
  });
  const { tarballs: kept } = options;
  const folder = kept === undefined ? join(stranger.folder, 'tarballs') : resolve(kept);
  const tarballs = await checkTarballs(steps, folder);
  const projects = new Projects(stranger, tarballs);
  await using server = await useServer(steps, projects, stranger);
  await useClient({ steps, projects, stranger, server });
  await useLibraries(steps, projects, tarballs);
  await useExamples(steps, projects, server);
}
