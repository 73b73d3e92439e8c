import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../repository.ts';
import { runCommand } from '../run/run-command.ts';

const analyzer = '/usr/bin/systemd-analyze';

/** The program and words that a systemd unit starts, as if it were installed in this clone. */
export function startedBy(unit: string): string[] {
  return inThisClone(/^ExecStart=(.+)$/m.exec(unit)?.[1] ?? '').split(' ');
}

/** What systemd has against a unit; without a systemd here, lines that are neither `[Section]` nor `Key=value`. */
export async function unitMistakes(unit: string): Promise<string> {
  if (!existsSync(analyzer)) return unit.replaceAll(/^(\[\w+\]|[A-Z]\w+=.*|)\n/gm, '');
  const folder = mkdtempSync(join(tmpdir(), 'anura-unit-'));
  try {
    writeFileSync(join(folder, 'anura.service'), inThisClone(unit));
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
    return (await runCommand(analyzer, ['verify', '--man=no', 'anura.service'], { cwd: folder, env })).output;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const inThisClone = (text: string) => text.replaceAll('/opt/anura/', repository);
