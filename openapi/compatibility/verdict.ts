import { describeFinding, type Finding } from './findings.ts';
import type { PendingRelease } from './pending-release.ts';

export interface Verdict {
  readonly kept: boolean;
  /** What to tell the person who asked, line by line. */
  readonly lines: readonly string[];
}

/** Whether the promises made by the last release are kept: nothing breaks clients, or the next release says that it does. */
export function verdict(findings: readonly Finding[], release: PendingRelease): Verdict {
  const breaking = findings.filter(({ level }) => level === 'breaking');
  if (breaking.length === 0) return { kept: true, lines: ['Nothing breaks clients of the released contract.'] };
  const found = [
    `${breaking.length === 1 ? 'One change breaks' : `${breaking.length} changes break`} clients of the released contract:`,
    ...breaking.map((finding) => `  ${describeFinding(finding)}`),
  ];
  if (release.type === 'major') {
    return {
      kept: true,
      lines: [...found, `A major changeset announces it: ${release.newVersion ?? 'the next release'}.`],
    };
  }
  return {
    kept: false,
    lines: [
      ...found,
      `The next release would be ${release.type === 'none' ? 'none' : `a ${release.type} one`}. Take it back, or run \`pnpm changeset\`, choose major for @anura/openapi and tell users what to change.`,
    ],
  };
}
