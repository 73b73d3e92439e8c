import { type InstalledServer, startInstalledServer } from './projects/installed-server.ts';
import type { Projects } from './projects/project.ts';
import type { Stranger } from './projects/stranger.ts';
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
