import { getReleasePlan } from '@changesets/get-release-plan';

export interface PendingRelease {
  readonly type: 'major' | 'minor' | 'patch' | 'none';
  readonly newVersion?: string;
}

/**
 * What the changesets waiting in `root`/.changeset make of @anura/openapi. All packages of the fixed group are released
 * together, so a major changeset for any of them is one for the contract.
 */
export async function pendingRelease(root: string): Promise<PendingRelease> {
  const { releases } = await getReleasePlan(root);
  const release = releases.find(({ name }) => name === '@anura/openapi');
  if (release === undefined) return { type: 'none' };
  return { type: release.type, ...(release.newVersion === undefined ? {} : { newVersion: release.newVersion }) };
}
