import type { Change } from './change.ts';
import type { Contract } from './contract.ts';
import { ownVerdicts } from './own-rules.ts';
import { placeOf } from './place.ts';
import { lastStep, steps } from './pointer.ts';
import { reasonOf } from './reasons.ts';

/** What a change does to clients that were written for the released contract. */
export interface Finding {
  /** `breaking` demands a major release; `surprising` is told, no more: see `levelOf`. */
  readonly level: 'breaking' | 'surprising';
  /** Redocly's name of the rule, or ours. */
  readonly rule: string;
  /** `POST /chat/completions`; absent for what belongs to no operation. */
  readonly operation?: string;
  /** `request body.messages[].role`; of a schema that many use, its first use. */
  readonly place: string;
  /** The schema it is in, when it has a name: everything that uses it is concerned. */
  readonly schema?: string;
  readonly message: string;
  readonly why: string;
}

/**
 * `contracts` are those the changes lie between: what was removed is looked up in `base`. What reads the same is told once,
 * such as a key that became required, by each of the ways to send it.
 */
export function findingsOf(
  changes: readonly Change[],
  contracts: { readonly base: Contract; readonly revision: Contract },
): readonly Finding[] {
  const findings = changes.flatMap((change) => {
    const contract = change.kind === 'removed' ? contracts.base : contracts.revision;
    const verdicts = change.verdicts.length > 0 ? change.verdicts : ownVerdicts(change);
    return verdicts.map(({ ruleId, message }) => ({
      level: levelOf(ruleId, change),
      rule: ruleId,
      ...placeOf(contract, change.path),
      ...schemaOf(change),
      message,
      why: reasonOf(ruleId, message),
    }));
  });
  return [...new Map(findings.map((finding) => [describeFinding(finding), finding])).values()];
}

/**
 * Two things that Redocly calls breaks only surprise: a new value in an answer's enum, since states, kinds and reasons to
 * finish grow with what can be run, and a failure that no longer happens.
 */
function levelOf(rule: string, { base, revision, path }: Change): Finding['level'] {
  if (rule === 'enum-values-added') return base?.value && revision?.value ? 'surprising' : 'breaking';
  if (rule === 'response-removed') return /^[45]/.test(lastStep(base?.pointer ?? path)) ? 'surprising' : 'breaking';
  return 'breaking';
}

function schemaOf({ base, revision }: Change): { schema?: string } {
  const [room, kind, name] = steps((base ?? revision)?.pointer ?? '');
  return room === 'components' && kind === 'schemas' && name !== undefined ? { schema: name } : {};
}

/** One line: operation, place, what changed, why it hurts. */
export function describeFinding({ operation, place, schema, message, why }: Finding): string {
  const where = [operation, place].filter(Boolean).join(' ');
  return `${where}${schema === undefined ? '' : ` (schema ${schema})`}: ${message} ${why}`;
}
