import { cannedModel, cannedToken, chatBody } from '../load/canned-chat.ts';
import { type LoadGenerator, startLoadGenerator } from '../load/load-generator.ts';
import type { LoadResult } from '../load/load-order.ts';
import { processorMs, residentBytes } from '../processes/process-usage.ts';
import type { Target } from '../servers/target.ts';
import { withTargets } from '../servers/with-targets.ts';
import { type LoadKind, type Measurement, measured } from './measurement.ts';

export interface GatewayPlan {
  readonly connections: readonly number[];
  readonly rounds: number;
  readonly roundMs: number;
  /** Load before anything is measured, so that every server runs optimized code. */
  readonly warmUpMs: number;
  /** Tokens of every answer. */
  readonly tokens: number;
  readonly say: (progress: string) => void;
}

interface Memory {
  readonly target: string;
  /** Resident memory when it was ready, and after all load, bytes. */
  readonly beforeBytes: number;
  readonly afterBytes: number;
}

export interface GatewayFigures {
  readonly measurements: readonly Measurement[];
  readonly memory: readonly Memory[];
}

/** Puts every target under every load, in turns: round by round, and within a round target by target. */
export async function measureGateways(plan: GatewayPlan): Promise<GatewayFigures> {
  return withTargets({ tokens: plan.tokens }, async (targets) => {
    const before = targets.map(({ pid }) => residentBytes(pid));
    const load = startLoadGenerator();
    try {
      for (const target of targets) await warmUp(load, target, plan);
      const measurements = await measureRounds(load, targets, plan);
      const memory = targets.map(({ name, pid }, at) => ({
        target: name,
        beforeBytes: before[at] ?? Number.NaN,
        afterBytes: residentBytes(pid),
      }));
      return { measurements, memory };
    } finally {
      await load.stop();
    }
  });
}

async function measureRounds(load: LoadGenerator, targets: readonly Target[], plan: GatewayPlan) {
  const measurements: Measurement[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    plan.say(`gateway: round ${round + 1} of ${plan.rounds}`);
    for (const connections of plan.connections) {
      for (const stream of [false, true]) {
        for (const target of targets) {
          const kind = { target: target.name, stream, connections, round };
          measurements.push(await measureOnce(load, target, kind, plan));
        }
      }
    }
  }
  return measurements;
}

async function measureOnce(load: LoadGenerator, target: Target, kind: LoadKind, plan: GatewayPlan) {
  const before = processorMs(target.pid);
  const result = await putLoad(load, target, { ...kind, durationMs: plan.roundMs, tokens: plan.tokens });
  return measured(kind, result, processorMs(target.pid) - before);
}

async function warmUp(load: LoadGenerator, target: Target, { warmUpMs, tokens }: GatewayPlan): Promise<void> {
  for (const stream of [false, true]) {
    await putLoad(load, target, { stream, connections: 32, durationMs: warmUpMs / 2, tokens });
  }
}

function putLoad(
  load: LoadGenerator,
  { origin, path, headers }: Target,
  {
    stream,
    connections,
    durationMs,
    tokens,
  }: Pick<LoadKind, 'stream' | 'connections'> & { durationMs: number; tokens: number },
): Promise<LoadResult> {
  const body = chatBody(cannedModel, stream);
  return load.run({
    origin,
    path,
    headers,
    body,
    stream,
    connections,
    durationMs,
    expect: { text: cannedToken, times: tokens },
  });
}
