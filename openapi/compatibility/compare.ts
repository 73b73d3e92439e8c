import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redocly } from '../scripts/redocly.ts';
import { type Change, changesOf } from './change.ts';
import type { Contract } from './contract.ts';
import { type Finding, findingsOf } from './findings.ts';
import { spellOut } from './spell-out.ts';

export interface Comparison {
  readonly findings: readonly Finding[];
  /** Every difference, harmless ones too. */
  readonly changes: readonly Change[];
}

/**
 * What the change from `base` to `revision` does to clients of `base`. Takes about half a second, most of it the start of
 * Redocly's command.
 *
 * @throws when a document is not one of OpenAPI, or refers to something it does not hold.
 */
export function compareContracts(base: Contract, revision: Contract): Comparison {
  const contracts = { base: spellOut(base), revision: spellOut(revision) };
  const changes = differences(contracts.base, contracts.revision);
  return { changes, findings: findingsOf(changes, contracts) };
}

function differences(base: Contract, revision: Contract): readonly Change[] {
  const folder = mkdtempSync(join(tmpdir(), 'anura-contract-'));
  const before = join(folder, 'base.json');
  const after = join(folder, 'revision.json');
  const report = join(folder, 'report.json');
  const config = join(import.meta.dirname, 'redocly.yaml');
  try {
    writeFileSync(before, JSON.stringify(base));
    writeFileSync(after, JSON.stringify(revision));
    redocly('diff', before, after, '--format=json', '--fail-on=none', `--config=${config}`, `--output=${report}`);
    return changesOf(JSON.parse(readFileSync(report, 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
