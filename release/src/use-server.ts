import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledServer } from './projects/installed-server.ts';
import { startInstalledServer } from './projects/installed-server.ts';
import type { Projects } from './projects/project.ts';
import { readmeProgram } from './projects/readme-program.ts';
import type { Stranger } from './projects/stranger.ts';
import { type TypeCheck, typeCheck } from './projects/type-check.ts';
import type { Steps } from './steps.ts';
import type { Tarball } from './tarballs/tarball.ts';

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

/** Programs that start a server themselves, use core alone, or are what a README shows: they must compile. */
export async function useLibraries(steps: Steps, projects: Projects, tarballs: readonly Tarball[]): Promise<void> {
  const project = await steps.run('npm install every library, TypeScript', () =>
    projects.create({
      name: 'libraries',
      packages: ['@anura/client', '@anura/core', '@anura/fake-upstream', '@anura/openapi', '@anura/server'],
      dependencies: typescript,
      programs: ['typed-server.ts'],
    }),
  );
  if (project === undefined) return;
  // Their declarations name packages that are not ours to mend.
  const compile = (file: string, resolution: TypeCheck['resolution']) =>
    typeCheck(project, { file, resolution, checkPackages: false });
  await steps.run('TypeScript: @anura/server, @anura/core and @anura/fake-upstream', async () => {
    await compile('typed-server.ts', 'nodenext');
    await compile('typed-server.ts', 'bundler');
  });
  for (const { manifest, readme } of tarballs) {
    const program = readmeProgram(readme);
    if (program === '') continue;
    await steps.run(`TypeScript: what the README of ${manifest.name} shows`, async () => {
      await writeFile(join(project.folder, 'readme.ts'), program);
      await compile('readme.ts', 'nodenext');
    });
  }
}

/** What a consumer compiles with. */
export const typescript = { typescript: '5.9.3', '@types/node': '24.19.2' };
