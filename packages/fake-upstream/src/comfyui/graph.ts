/** A link to another node's output: its id and the output's place. */
export type Link = readonly [node: string, output: number];

export interface GraphNode {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** ComfyUI's API format: nodes by id. */
export type Graph = Readonly<Record<string, GraphNode>>;

export function isLink(value: unknown): value is Link {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isInteger(value[1]);
}

/** The ids of a node and of everything it is made from, what is needed first in front. */
export function neededFor(graph: Graph, id: string, found: readonly string[] = []): readonly string[] {
  if (found.includes(id)) return found;
  const links = Object.values(graph[id]?.inputs ?? {}).filter(isLink);
  const before = links.reduce((ids, [from]) => neededFor(graph, from, ids), found);
  return before.includes(id) ? before : [...before, id];
}

/** The same text for nodes that compute the same: ComfyUI does not run such a node twice in a row. */
export function signature(graph: Graph, id: string): string {
  const node = graph[id];
  const inputs = Object.entries(node?.inputs ?? {}).map(([name, value]) => [
    name,
    isLink(value) ? [signature(graph, value[0]), value[1]] : value,
  ]);
  return JSON.stringify([node?.class_type, inputs]);
}
