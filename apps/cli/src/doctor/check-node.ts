import { isNewEnough, oldestNode } from '../node-version.ts';
import { type Finding, fail, ok } from './finding.ts';

export function checkNode(version: string): Finding {
  if (isNewEnough(version)) return ok('node', `Node ${version}`);
  return fail('node', `Node ${version} is too old`, `Install Node ${oldestNode} or newer.`);
}
