import { amount, table } from './table.ts';

/** Something to reach. `measured` is NaN where it was not measured. */
export interface Goal {
  readonly name: string;
  readonly measured: number;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Undefined when it was not measured. */
export function isReached({ measured, atMost, atLeast }: Goal): boolean | undefined {
  if (Number.isNaN(measured)) return undefined;
  return (atMost === undefined || measured <= atMost) && (atLeast === undefined || measured >= atLeast);
}

export function goalTable(goals: readonly Goal[]): string {
  const rows = goals.map((goal) => {
    const reached = isReached(goal);
    const bound = goal.atMost === undefined ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
    const verdict = reached === undefined ? 'not measured' : reached ? 'reached' : 'NOT REACHED';
    return [goal.name, `${bound} ${goal.unit}`, `${amount(goal.measured)} ${goal.unit}`, verdict];
  });
  return table(['goal', 'to reach', 'measured', 'verdict'], rows);
}
