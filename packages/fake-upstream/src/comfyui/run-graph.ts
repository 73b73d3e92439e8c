import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { ComfyJob } from './comfy-job.ts';
import type { ComfyEvent } from './event-sockets.ts';
import { neededFor, signature } from './graph.ts';
import type { NodeOutput, OutputFiles } from './output-files.ts';
import { readGraph } from './read-graph.ts';

/** What the last run left in memory, by signature; output nodes keep what they told. */
export type NodeCache = Map<string, NodeOutput | undefined>;

export interface Running {
  readonly files: OutputFiles;
  readonly cache: NodeCache;
  /** What sampling takes in all, milliseconds. */
  readonly renderMs: number;
}

/**
 * Runs a graph node by node and tells the events ComfyUI sends meanwhile, without the first and the last. Returns the outputs.
 *
 * Throws what `job.stop` was aborted with.
 */
export async function* runGraph(
  job: ComfyJob,
  { files, cache, renderMs }: Running,
): AsyncGenerator<ComfyEvent, Record<string, NodeOutput>> {
  const { graph, id: promptId } = job;
  const before = new Map(cache);
  cache.clear();
  const about = (data: object) => ({ ...data, prompt_id: promptId });
  const cached = Object.keys(graph).filter((id) => before.has(signature(graph, id)));
  yield { type: 'execution_cached', data: about({ nodes: cached, timestamp: Date.now() }) };
  const outputs: Record<string, NodeOutput> = {};
  for (const id of orderOf(job)) {
    const sign = signature(graph, id);
    let output = before.get(sign);
    if (!cached.includes(id)) {
      yield { type: 'executing', data: about({ node: id, display_node: id }) };
      yield* sample(job, id, renderMs);
      if (job.outputs.includes(id)) output = await files.save(graph[id]?.class_type ?? '', readGraph(graph, id));
      job.stop.signal.throwIfAborted();
    }
    cache.set(sign, output);
    if (!output) continue;
    outputs[id] = output;
    yield { type: 'executed', data: about({ node: id, display_node: id, output }) };
  }
  return outputs;
}

function orderOf({ graph, outputs }: ComfyJob): readonly string[] {
  return outputs.reduce<readonly string[]>((found, output) => neededFor(graph, output, found), []);
}

/** The steps of the node that samples; any other takes no time. */
async function* sample(job: ComfyJob, id: string, renderMs: number): AsyncGenerator<ComfyEvent> {
  const { sampler, steps } = readGraph(job.graph, job.outputs[0] ?? '');
  const { signal } = job.stop;
  if (id !== sampler) return nextTurn();
  for (let value = 1; value <= steps; value++) {
    const stepMs = job.faults.dripMs ?? renderMs / steps;
    // Between two steps is where ComfyUI notices an interrupt.
    await (stepMs > 0 ? wait(stepMs, undefined, { signal }).catch(() => undefined) : nextTurn());
    signal.throwIfAborted();
    yield { type: 'progress', data: { value, max: steps, prompt_id: job.id, node: id } };
  }
}
