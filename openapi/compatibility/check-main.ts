/**
 * Compares the contract with the one last released and fails when something breaks clients that no major changeset
 * announces. Needs neither git nor network.
 *
 *     node openapi/compatibility/check-main.ts [--verbose | --json] [--root FOLDER]
 *
 * `--verbose` adds what may surprise and every harmless difference, `--json` gives it all as data.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareContracts } from './compare.ts';
import { readContract } from './contract.ts';
import { describeFinding } from './findings.ts';
import { pendingRelease } from './pending-release.ts';
import { steps } from './pointer.ts';
import { verdict } from './verdict.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { verbose: { type: 'boolean' }, json: { type: 'boolean' }, root: { type: 'string' } },
  });
  const root = values.root ?? join(import.meta.dirname, '..', '..');
  const { changes, findings } = compareContracts(
    readContract(join(root, 'openapi/released/openapi.json')),
    readContract(join(root, 'openapi/generated/openapi.json')),
  );
  const release = await pendingRelease(root);
  const { kept, lines } = verdict(findings, release);
  if (!kept) process.exitCode = 1;
  if (values.json) return console.log(JSON.stringify({ kept, release, findings }, null, 2));
  console.log(lines.join('\n'));
  if (!values.verbose) return;
  for (const finding of findings.filter(({ level }) => level === 'surprising'))
    console.log(`may surprise: ${describeFinding(finding)}`);
  for (const { kind, path, property } of changes) console.log(`${kind}: ${[...steps(path), property ?? ''].join(' ')}`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
