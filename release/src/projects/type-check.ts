import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from './project.ts';

/** What a consumer compiles with. */
export const typescript = { typescript: '5.9.3', '@types/node': '24.19.2' };

/** How consumers let TypeScript find packages. */
export const resolutions = {
  node16: { module: 'node16', moduleResolution: 'node16' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
} as const;

export interface TypeCheck {
  readonly resolution: keyof typeof resolutions;
  readonly file: string;
  /** Look into the declarations of all packages as well, which finds one that imports what is not there. Default true. */
  readonly checkPackages?: boolean;
}

/** Compiles a program with the project's own TypeScript; throws with what it refuses. */
export async function typeCheck(
  project: Project,
  { resolution, file, checkPackages = true }: TypeCheck,
): Promise<void> {
  const compilerOptions = {
    ...resolutions[resolution],
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.asynciterable', 'esnext.disposable'],
    strict: true,
    noEmit: true,
    skipLibCheck: !checkPackages,
    types: ['node'],
  };
  const config = `tsconfig.${resolution}.json`;
  await writeFile(join(project.folder, config), JSON.stringify({ compilerOptions, files: [file] }));
  await project.run('node', [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', config]);
}

/** As `typeCheck`, for a program whose every line with an `await` is wrong. Throws where one is accepted. */
export async function refuses(project: Project, check: TypeCheck & { readonly mistakes: number }): Promise<void> {
  const output = await typeCheck(project, check).then(
    () => '',
    (error: Error) => error.message,
  );
  const lines = new Set(output.match(new RegExp(`^${check.file.replace('.', '\\.')}\\(\\d+`, 'gm')));
  if (lines.size !== check.mistakes)
    throw new Error(`${check.file} has ${check.mistakes} mistakes, and TypeScript found ${lines.size}:\n${output}`);
}
