import type { InstalledServer } from './projects/installed-server.ts';
import { startInstalledServer } from './projects/installed-server.ts';
import type { Projects } from './projects/project.ts';
import type { Stranger } from './projects/stranger.ts';
import { typeCheck } from './projects/type-check.ts';
import type { Steps } from './steps.ts';

/** Installs the command from its tarball, starts `npx anura serve` in an empty home and has it do all it comes with. */
export async function useServer(steps: Steps, projects: Projects, stranger: Stranger): Promise<InstalledServer> {
  const project = await steps.require('npm install @anura/cli', () =>
    projects.create({ name: 'serve', packages: ['@anura/cli'], programs: ['make.mjs'] }),
  );
  await steps.run('what that takes', async () => {
    const output = await project.run('du', ['-sm', 'node_modules']);
    return `${output.split('\t')[0]} MB on the disk`;
  });
  const server = await steps.require('npx anura serve', () => startInstalledServer(project.folder, stranger.running));
  await steps.run('a picture, a spoken sentence and a search', () => project.run('node', ['make.mjs'], server.env));
  await steps.run('npx anura doctor', async () => {
    await project.run('npx', ['--no-install', 'anura', 'doctor'], server.env);
  });
  return server;
}

/** Programs that start a server themselves, or use core alone. */
export async function useLibraries(steps: Steps, projects: Projects): Promise<void> {
  await steps.run('TypeScript: @anura/server, @anura/core and @anura/fake-upstream', async () => {
    const project = await projects.create({
      name: 'libraries',
      packages: ['@anura/server', '@anura/core', '@anura/fake-upstream'],
      dependencies: typescript,
      programs: ['typed-server.ts'],
      install: ['--ignore-scripts'],
    });
    // Their declarations name packages that are not ours to mend.
    const check = { file: 'typed-server.ts', checkPackages: false };
    await typeCheck(project, { ...check, resolution: 'nodenext' });
    await typeCheck(project, { ...check, resolution: 'bundler' });
  });
}

/** What a consumer compiles with. */
export const typescript = { typescript: '5.9.3', '@types/node': '24.19.2' };
