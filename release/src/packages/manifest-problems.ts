import { isLibrary, type Manifest } from './manifest.ts';

const home = 'https://github.com/anura-network/anura';

/** What a package lacks before a registry and its readers are served; empty when nothing. */
export function manifestProblems(manifest: Manifest, directory: string, files: readonly string[]): string[] {
  const { repository, publishConfig } = manifest;
  const wanted: [ok: boolean, problem: string][] = [
    [manifest.license === 'Apache-2.0', 'license is not "Apache-2.0"'],
    [(manifest.description ?? '').length > 20, 'description does not say what it is'],
    [(manifest.keywords ?? []).length >= 3, 'keywords are fewer than three'],
    [
      repository?.type === 'git' && repository.url === `git+${home}.git` && repository.directory === directory,
      `repository is not {type: git, url: git+${home}.git, directory: ${directory}}`,
    ],
    [manifest.homepage === `${home}/tree/main/${directory}#readme`, 'homepage is not its README'],
    [manifest.bugs === `${home}/issues`, `bugs is not ${home}/issues`],
    [manifest.engines?.['node'] !== undefined, 'engines.node is missing'],
    [manifest.exports !== undefined, 'exports is missing: everything in it could be imported'],
    [manifest.sideEffects !== undefined, 'sideEffects is missing: bundlers must keep all of it'],
    [(manifest.files ?? []).length > 0, 'files is missing: sources and tests would be packed'],
    [
      publishConfig?.access === 'public' && publishConfig.provenance === true,
      'publishConfig is not {access: public, provenance: true}',
    ],
    [!isLibrary(manifest) || manifest.types !== undefined, 'types is missing'],
    ...subpathsWithoutTypes(manifest).map((path): [boolean, string] => [false, `exports["${path}"] has no types`]),
    [files.includes('README.md'), 'README.md is missing'],
    [!files.includes('NOTICE') || (manifest.files ?? []).includes('NOTICE'), 'NOTICE is not among files'],
  ];
  return wanted.filter(([ok]) => !ok).map(([, problem]) => problem);
}

/** Code that is imported needs types under every condition; data and commands do not. */
function subpathsWithoutTypes({ exports = {} }: Manifest): string[] {
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object' && target !== null && !hasTypes(target))
    .map(([path]) => path);
}

function hasTypes(target: object): boolean {
  if ('types' in target) return true;
  const conditions = Object.values(target);
  return conditions.length > 0 && conditions.every((one) => typeof one === 'object' && one !== null && hasTypes(one));
}
