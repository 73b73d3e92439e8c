import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project, Projects } from './projects/project.ts';
import { readmeProgram } from './projects/readme-program.ts';
import { type TypeCheck, typeCheck, typescript } from './projects/type-check.ts';
import type { Steps } from './steps.ts';
import type { Tarball } from './tarballs/tarball.ts';

const libraries = ['@anura/client', '@anura/core', '@anura/fake-upstream', '@anura/server'];

/** Programs that start a server themselves, use core alone, or are what a README shows. */
export async function useLibraries(steps: Steps, projects: Projects, tarballs: readonly Tarball[]): Promise<void> {
  const project = await steps.run('npm install every library, TypeScript', () =>
    projects.create({
      name: 'libraries',
      packages: [...libraries, '@anura/openapi'],
      // The client's subpaths leave these to whoever uses them.
      dependencies: { ...typescript, '@tanstack/react-query': '^5', zod: '^4' },
      programs: ['load-entries.mjs', 'typed-server.ts'],
    }),
  );
  if (project === undefined) return;
  await steps.run('every entry of every library loads', () => project.run('node', ['load-entries.mjs', ...libraries]));
  await steps.run('TypeScript: @anura/server, @anura/core and @anura/fake-upstream', async () => {
    await compile(project, 'typed-server.ts', 'nodenext');
    await compile(project, 'typed-server.ts', 'bundler');
  });
  for (const { manifest, readme } of tarballs) {
    const program = readmeProgram(readme);
    if (program === '') continue;
    await steps.run(`TypeScript: what the README of ${manifest.name} shows`, async () => {
      await writeFile(join(project.folder, 'readme.ts'), program);
      await compile(project, 'readme.ts', 'nodenext');
    });
  }
}

/** Without looking into declarations: theirs name packages that are not ours to mend. */
const compile = (project: Project, file: string, resolution: TypeCheck['resolution']): Promise<void> =>
  typeCheck(project, { file, resolution, checkPackages: false });
