import type { LoadResult } from '../load/load-order.ts';
import { quantile } from '../statistics/median.ts';

/** One target under one load for one round. Times are milliseconds unless the name says otherwise. */
export interface Measurement {
  readonly target: string;
  readonly stream: boolean;
  readonly connections: number;
  readonly round: number;
  readonly answered: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** NaN for plain answers. */
  readonly firstTokenP50Ms: number;
  readonly firstTokenP99Ms: number;
  /** Processor time of the target per answer, all its threads: what a busy machine disturbs least. */
  readonly processorMicros: number;
}

/** The load a measurement was made under. */
export type LoadKind = Pick<Measurement, 'target' | 'stream' | 'connections' | 'round'>;

export function measured(kind: LoadKind, load: LoadResult, processorMs: number): Measurement {
  return {
    ...kind,
    answered: load.answered,
    failures: load.failures,
    perSecond: (load.answered / load.elapsedMs) * 1000,
    p50Ms: quantile(load.totalMs, 0.5),
    p99Ms: quantile(load.totalMs, 0.99),
    firstTokenP50Ms: quantile(load.firstTokenMs, 0.5),
    firstTokenP99Ms: quantile(load.firstTokenMs, 0.99),
    processorMicros: (processorMs / load.answered) * 1000,
  };
}
