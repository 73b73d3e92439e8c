import { mkdir } from 'node:fs/promises';
import { publishablePackages } from './packages/publishable-packages.ts';
import type { Steps } from './steps.ts';
import { areTheTypesWrong, publint } from './tarballs/lint-tarball.ts';
import { pack } from './tarballs/pack.ts';
import type { Tarball } from './tarballs/tarball.ts';
import { tarballProblems } from './tarballs/tarball-problems.ts';

/** Packs every package into `folder` and looks at what came out. */
export async function checkTarballs(steps: Steps, folder: string): Promise<Tarball[]> {
  const tarballs: Tarball[] = [];
  await steps.require('pack every package that is not private', async () => {
    await mkdir(folder, { recursive: true });
    for (const one of publishablePackages()) tarballs.push(await pack(one, folder));
    return `${tarballs.length} tarballs, ${megabytes(tarballs)} MB`;
  });
  await steps.run('tarballs are whole and hold nothing that is for us alone', async () => {
    const problems = tarballs.flatMap((tarball) =>
      tarballProblems(tarball).map((problem) => `${tarball.manifest.name}: ${problem}`),
    );
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });
  await steps.run('publint --strict', () => each(tarballs, publint));
  await steps.run('are the types wrong', () => each(tarballs, areTheTypesWrong));
  return tarballs;
}

/** Asks about all of them, so that one run shows every problem; two at a time. */
async function each(tarballs: readonly Tarball[], check: (tarball: Tarball) => Promise<void>): Promise<void> {
  const problems: string[] = [];
  const waiting = tarballs.values();
  const worker = async () => {
    for (const tarball of waiting)
      await check(tarball).catch((error: Error) => problems.push(`${tarball.manifest.name}: ${error.message}`));
  };
  await Promise.all([worker(), worker()]);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

const megabytes = (tarballs: readonly Tarball[]): string =>
  (tarballs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1e6).toFixed(0);
