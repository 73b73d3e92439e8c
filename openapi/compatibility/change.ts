/** One difference, as `redocly diff --format=json` reports it. */
export interface Change {
  /** Where it is by its first use: `#/paths/~1models/get/…`. */
  readonly path: string;
  readonly typeName: string;
  readonly kind: 'added' | 'removed' | 'modified';
  /** The rules that call it a break; none when it breaks nobody, as far as Redocly knows. */
  readonly verdicts: readonly { readonly ruleId: string; readonly message: string }[];
  /** What of a modified thing: `type`, `required`, or `key` when it was renamed. */
  readonly property?: string;
  readonly base?: Side;
  readonly revision?: Side;
}

interface Side {
  /** Where it stands in the document: below `#/components` when it is used by reference. */
  readonly pointer: string;
  readonly value?: unknown;
}

/** @throws when the report has another form than the one this was written for. */
export function changesOf(report: unknown): readonly Change[] {
  const { reportVersion, changes } = report as { reportVersion?: unknown; changes?: unknown };
  if (reportVersion === '1' && Array.isArray(changes)) return changes as readonly Change[];
  throw new Error(
    `redocly diff wrote a report of version ${String(reportVersion)}; openapi/compatibility reads version 1.`,
  );
}
