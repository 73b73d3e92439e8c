// Runs every test of every package in one vitest run, says plainly what was skipped and why, and ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numFailedTestSuites: number;
  testResults: { name: string; message: string; assertionResults: { status: string; fullName: string }[] }[];
}

const folder = mkdtempSync(join(tmpdir(), 'anura-test-'));
const output = join(folder, 'report.json');
const { status } = spawnSync(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${output}`, ...process.argv.slice(2)],
  { stdio: 'inherit', shell: process.platform === 'win32' },
);

function readReport(): Report | undefined {
  try {
    return JSON.parse(readFileSync(output, 'utf8')) as Report;
  } catch {
    return undefined; // vitest ended before it could write one
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const report = readReport();
if (!report) {
  console.log('The test runner ended without a report.\n0 passed, 1 failed');
  process.exit(1);
}
const skipped = report.testResults.flatMap((file) =>
  file.assertionResults
    .filter(({ status }) => status !== 'passed' && status !== 'failed') // skipped, pending, todo
    .map((test) => test.fullName),
);
for (const name of skipped) console.log(`skipped: ${name}`);
// A file that cannot even be loaded holds no failed test, yet it failed.
const broken = report.testResults.filter((file) => file.assertionResults.length === 0 && file.message !== '').length;
const failed = report.numFailedTests + broken;
console.log(
  `${report.numPassedTests} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
);
const skipFails = process.env['ANURA_TEST_NO_SKIP'] === '1' && skipped.length > 0;
process.exit(status !== 0 || failed > 0 || skipFails ? 1 : 0);
