import { rm } from 'node:fs/promises';
import { lockPull } from '../lock-pull.ts';
import type { FolderModelName } from '../model-name.ts';
import type { PulledModel } from '../pull.ts';
import type { PullRun } from '../pull-context.ts';
import { retrying } from '../retrying.ts';
import { syncFolder } from '../write-file-atomic.ts';
import { type ChosenFiles, chooseFiles } from './choose-files.ts';
import { type FolderSidecar, folderBytes, writeFolderSidecar } from './folder-sidecar.ts';
import type { HubClient } from './hub-client.ts';
import { installedFolder, installFolder } from './install-folder.ts';
import { findWanted, isLarge, stageFiles } from './stage-files.ts';

/** A folder model to pull. */
export interface FolderPull {
  readonly name: FolderModelName;
  readonly client: HubClient;
  /** The hub's, for the record. */
  readonly host: string;
}

/** Downloads the files of a repository that an engine reads, and puts them in place as one folder. */
export async function pullFolder(run: PullRun, pull: FolderPull): Promise<PulledModel> {
  const { client } = pull;
  run.meter.phase('resolving');
  const commit = await retrying(() => client.commit(run.signal), run.retry);
  const listed = await retrying(() => client.list(commit, run.signal), run.retry);
  const chosen = chooseFiles(pull.name, listed);
  run.meter.total(folderBytes({ files: [...chosen.files] }));
  const release = await lockPull(run, chosen.files.filter(isLarge), [run.folder.directoryLock(chosen.directory)]);
  try {
    return await bring(run, pull, commit, chosen);
  } finally {
    await release();
  }
}

async function bring(run: PullRun, pull: FolderPull, commit: string, chosen: ChosenFiles): Promise<PulledModel> {
  const { folder, meter, title, signal } = run;
  const { directory, files, layout } = chosen;
  const installed = await installedFolder(folder, directory, title);
  const wanted = await findWanted(files, installed, signal);
  const isHere = installed?.sidecar.files.length === files.length && wanted.every(({ have }) => have !== undefined);
  if (!isHere) {
    const path = folder.stagedFolder(directory);
    await stageFiles(run, { client: pull.client, commit, path, wanted });
    meter.phase('installing');
    await writeFolderSidecar(path, describe(run, pull, commit, chosen));
    await syncFolder(path);
    await installFolder(folder, directory);
  }
  await dropPartials(run, chosen);
  meter.phase('done');
  const sizeBytes = folderBytes({ files: [...files] });
  return { name: directory, path: folder.file(directory), sizeBytes, layout, changed: !isHere };
}

function describe(
  { title }: PullRun,
  { name, host }: FolderPull,
  commit: string,
  { layout, files }: ChosenFiles,
): FolderSidecar {
  const below = name.folder === undefined ? '' : `/${name.folder}`;
  return {
    name: title,
    layout,
    source: `${host}/${name.owner}/${name.repository}${below}`,
    commit,
    pulled_at: new Date().toISOString(),
    files: [...files],
  };
}

/** The folder has links of its own to what gathered among the partial downloads. */
async function dropPartials({ folder }: PullRun, { files }: ChosenFiles): Promise<void> {
  for (const { digest } of files.filter(isLarge)) {
    await rm(folder.note(digest), { force: true });
    await rm(folder.partial(digest), { force: true });
  }
}
