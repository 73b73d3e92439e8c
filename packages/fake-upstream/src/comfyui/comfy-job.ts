import type { Faults } from '../faults/fault.ts';
import type { Graph } from './graph.ts';
import type { NodeOutput } from './output-files.ts';

/** A prompt that was accepted. */
export interface ComfyJob {
  readonly id: string;
  readonly number: number;
  readonly graph: Graph;
  readonly clientId: string | undefined;
  /** The ids of its output nodes. */
  readonly outputs: readonly string[];
  readonly faults: Faults;
  /** Aborted by an interrupt, and by a restart. */
  readonly stop: AbortController;
}

/** A queue entry as `/queue` and the history show it. */
export const queueEntry = ({ id, number, graph, clientId, outputs }: ComfyJob) =>
  [number, id, graph, clientId === undefined ? {} : { client_id: clientId }, outputs] as const;

/** A prompt that is over, as `/history` shows it. */
export interface HistoryEntry {
  readonly prompt: ReturnType<typeof queueEntry>;
  readonly outputs: Readonly<Record<string, NodeOutput>>;
  readonly status: {
    readonly status_str: 'success' | 'error';
    readonly completed: boolean;
    readonly messages: readonly (readonly [type: string, data: object])[];
  };
}
