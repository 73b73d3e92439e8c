import type { Manifest } from '../packages/manifest.ts';
import type { Tarball } from './tarball.ts';

/** What is wrong with what was packed; empty when nothing. */
export function tarballProblems({ manifest, entries }: Pick<Tarball, 'manifest' | 'entries'>): string[] {
  const has = new Set(entries);
  return [
    ...['LICENSE', 'README.md'].filter((name) => !has.has(name)).map((name) => `${name} is not in it`),
    ...promisedFiles(manifest)
      .filter((path) => !has.has(path))
      .map((path) => `${path} is named in package.json and not in it`),
    ...entries.filter(isForUsAlone).map((path) => `${path} is for us alone`),
    ...workspaceVersions(manifest).map((name) => `${name} still has a workspace: version`),
  ];
}

/** Every file that exports, bin and types point at; patterns are left to publint. */
function promisedFiles({ exports = {}, bin = {}, types }: Manifest): string[] {
  const paths = [...leaves(exports), ...Object.values(bin), ...(types === undefined ? [] : [types])];
  return [...new Set(paths.filter((path) => !path.includes('*')).map((path) => path.replace(/^\.\//, '')))];
}

function leaves(target: unknown): string[] {
  if (typeof target === 'string') return [target];
  return typeof target === 'object' && target !== null ? Object.values(target).flatMap(leaves) : [];
}

const isForUsAlone = (path: string): boolean =>
  !path.startsWith('dist/vendor/') &&
  /(\.test\.|\.conformance\.|__fixtures__|(^|\/)(tsconfig|turbo)[^/]*\.json$|^src\/|\.tgz$)/.test(path);

const workspaceVersions = ({ dependencies, optionalDependencies }: Manifest): string[] =>
  Object.entries({ ...dependencies, ...optionalDependencies })
    .filter(([, version]) => version.startsWith('workspace:'))
    .map(([name]) => name);
