import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InstalledServer } from './projects/installed-server.ts';
import type { Projects } from './projects/project.ts';
import { repository } from './repository.ts';
import type { Steps } from './steps.ts';

/** `check` runs the others in the repository; here they are on their own. */
const notForReaders = new Set(['check']);

/** Every example as somebody has it who copied its folder: with packages from tarballs, against the installed server. */
export async function useExamples(steps: Steps, projects: Projects, server: InstalledServer): Promise<void> {
  const examples = join(repository, 'examples');
  const names = readdirSync(examples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !notForReaders.has(entry.name))
    .map(({ name }) => name);
  for (const name of names.sort())
    await steps.run(`examples/${name}`, async () => {
      const project = await projects.copy(join(examples, name), `example-${name}`);
      const output = await project.run('npm', ['start', '--silent'], server.env);
      return output.split('\n').at(-1)?.trim();
    });
}
