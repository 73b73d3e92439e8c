import { namesIn } from '../template/placeholders.ts';
import type { GraphNode, Template } from '../template/template.ts';

/** What `/object_info` says about the classes a template needs, by name; undefined for one that is not installed. */
export type ClassInfos = ReadonlyMap<string, unknown>;

/** What a server lacks to run a template: nothing, or the reasons not to offer it. */
export function missingParts({ graph }: Pick<Template, 'graph'>, classes: ClassInfos): readonly string[] {
  const reasons = Object.values(graph).flatMap((node) => missingFor(node, classes.get(node.class_type)));
  return [...new Set(reasons)];
}

function missingFor({ class_type: name, inputs }: GraphNode, info: unknown): readonly string[] {
  if (typeof info !== 'object' || info === null) return [`node ${name} is not installed`];
  const { required = {}, optional = {} } = (info as { input?: Inputs }).input ?? {};
  const left = Object.keys(required)
    .filter((input) => inputs[input] === undefined)
    .map((input) => `node ${name} needs the input ${input}, which the workflow does not give`);
  const absent = Object.entries({ ...required, ...optional }).flatMap(([input, spec]) => {
    const value = inputs[input];
    const choices = choicesOf(spec);
    const isChosen = typeof value === 'string' && namesIn(value).length === 0;
    return choices && isChosen && !choices.includes(value) ? [`${name} does not have the ${input} "${value}"`] : [];
  });
  return [...left, ...absent];
}

interface Inputs {
  readonly required?: Readonly<Record<string, unknown>>;
  readonly optional?: Readonly<Record<string, unknown>>;
}

/** `[["a", "b"], …]` or, of newer nodes, `["COMBO", {options: ["a", "b"]}]`. Model files are told as such choices. */
function choicesOf(spec: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(spec)) return undefined;
  const [type, options] = spec as [unknown, { options?: unknown } | undefined];
  if (Array.isArray(type)) return type;
  return type === 'COMBO' && Array.isArray(options?.options) ? options.options : undefined;
}
