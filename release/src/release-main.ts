// `pnpm release:dry`: everything about a release except publishing. Builds, packs, checks the tarballs, then installs them outside
// the repository as strangers do and uses them. `--keep` keeps the folder that this happens in, `--tarballs FOLDER` the tarballs.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkTarballs } from './check-tarballs.ts';
import { Projects } from './projects/project.ts';
import { becomeStranger, forget, type Stranger } from './projects/stranger.ts';
import { repository } from './repository.ts';
import { runCommand } from './run-command.ts';
import { CannotGoOn, Steps } from './steps.ts';
import { useClient } from './use-client.ts';
import { useExamples } from './use-examples.ts';
import { useLibraries } from './use-libraries.ts';
import { useServer } from './use-server.ts';

const { values } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, tarballs: { type: 'string' } },
});
const steps = new Steps({
  print: (line) => console.log(line),
  skipFails: process.env['ANURA_TEST_NO_SKIP'] === '1',
});

const stranger = await becomeStranger();
try {
  await release(stranger);
} catch (error) {
  if (!(error instanceof CannotGoOn)) throw error;
  console.log(error.message);
} finally {
  if (values.keep) console.log(`kept: ${stranger.folder}`);
  else await forget(stranger);
}
console.log(
  `release: ${steps.passed} ok, ${steps.failed} failed${steps.skipped > 0 ? `, ${steps.skipped} skipped` : ''}`,
);
process.exit(steps.failed > 0 ? 1 : 0);

async function release(stranger: Stranger): Promise<void> {
  await steps.require('build', async () => {
    const args = ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'];
    await runCommand('pnpm', args, { cwd: repository, env: process.env });
  });
  const folder = values.tarballs === undefined ? join(stranger.folder, 'tarballs') : resolve(values.tarballs);
  const tarballs = await checkTarballs(steps, folder);
  const projects = new Projects(stranger, tarballs);
  await using server = await useServer(steps, projects, stranger);
  await useClient({ steps, projects, stranger, server });
  await useLibraries(steps, projects, tarballs);
  await useExamples(steps, projects, server);
}
