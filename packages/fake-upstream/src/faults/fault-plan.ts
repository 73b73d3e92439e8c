import type { Random } from '../random.ts';
import { type Faults, parseFaults } from './fault.ts';

/** A fault that strikes some of the work: chat, embeddings and media, never the model lists unless their path is named. */
export interface FaultRule {
  readonly faults: Faults;
  /** 0 to 1. */
  readonly probability: number;
  /** Strike whatever is asked at paths that begin so, work or not. */
  readonly path?: string;
}

/** Reads `reset-after=5@/view:0.1`; without the number after the colon the fault strikes always, without a path all work. */
export function parseFaultRule(text: string): FaultRule {
  const [, rest = text, share = '1'] = /^(.*):(0|1|0?\.\d+|1\.0+)$/s.exec(text) ?? [];
  const [, faults = rest, path] = /^(.*)@(\/.*)$/s.exec(rest) ?? [];
  return { faults: parseFaults(faults), probability: Number(share), ...(path !== undefined && { path }) };
}

/** The rules that may strike a request. */
export function rulesFor(rules: readonly FaultRule[], path: string, isWork: boolean): readonly FaultRule[] {
  return rules.filter((rule) => (rule.path === undefined ? isWork : path.startsWith(rule.path)));
}

/** Draws every rule once and joins those that strike. */
export function drawFaults(rules: readonly FaultRule[], random: Random): Faults {
  return Object.assign({}, ...rules.filter((rule) => random() < rule.probability).map((rule) => rule.faults));
}

/** Splits `llama3.1:8b!reset-after=5` into the model and the faults asked for by its name. */
export function splitModelName(name: string): { model: string; faults: Faults } {
  const mark = name.indexOf('!');
  if (mark === -1) return { model: name, faults: {} };
  return { model: name.slice(0, mark), faults: parseFaults(name.slice(mark + 1)) };
}
