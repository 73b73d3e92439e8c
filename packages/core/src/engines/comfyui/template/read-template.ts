import { z } from 'zod';
import { GatewayError } from '../../../errors/gateway-error.ts';
import { isPlaceholder, namesIn } from './placeholders.ts';
import { type Graph, type GraphNode, type Placeholder, placeholders, type Template } from './template.ts';

/** The part under `anura`, which is not sent to ComfyUI. */
const notesShape = z.strictObject({
  description: z.string().optional(),
  defaults: z
    .strictObject({
      negative_prompt: z.string().default(''),
      steps: z.int().min(1).default(20),
      guidance: z.number().min(0).default(7),
      width: z.int().min(1).optional(),
      height: z.int().min(1).optional(),
    })
    .prefault({}),
  limits: z
    .strictObject({
      mostSteps: z.int().min(1).default(100),
      largestGuidance: z.number().min(0).default(30),
      smallestSide: z.int().min(1).default(64),
      largestSide: z.int().min(1).default(2048),
      sideMultipleOf: z.int().min(1).default(8),
    })
    .prefault({}),
});

const nodeShape = z.object({ class_type: z.string().min(1), inputs: z.record(z.string(), z.unknown()) });

/** The nodes that save what can be served, and what that makes the model. */
const savers: Readonly<Record<string, Template['modality']>> = {
  SaveImage: 'image',
  PreviewImage: 'image',
  SaveAnimatedWEBP: 'video',
};

/** Pixels of a side where a template with `{{width}}` and `{{height}}` has no default. */
const usualSide = 512;

/**
 * Checks a workflow file.
 *
 * @param file its name, for the model's name and for messages
 * @throws GatewayError `invalid-request` that names the file and the place in it
 */
export function readTemplate(file: string, value: unknown): Template {
  const wrong = (place: string, what: string) =>
    new GatewayError('invalid-request', `Workflow ${file}${place === '' ? '' : `, ${place}`}: ${what}.`);
  const { anura, ...rest } = asObject(value) ?? {};
  if (Array.isArray(rest['nodes']))
    throw wrong('', 'this is the editor’s format; save it with "Export (API)" and use that file');
  const graph = readGraph(rest, wrong);
  const notes = notesShape.safeParse(anura ?? {});
  if (!notes.success) throw wrong(placeOf(notes.error, 'anura'), wordsOf(notes.error));
  const { defaults, limits, description } = notes.data;
  const uses = readUses(graph, wrong);
  if (!uses.has('width') && (defaults.width === undefined || defaults.height === undefined)) {
    const sides = 'defaults.width and defaults.height';
    throw wrong('anura', `without {{width}} and {{height}} it must say in ${sides} how large its results are`);
  }
  const { width = usualSide, height = usualSide } = defaults;
  const outputNode = findSaver(graph, wrong);
  return {
    name: file.replace(/^.*[/\\]/, '').replace(/\.json$/i, ''),
    modality: savers[graph[outputNode]?.class_type ?? ''] ?? 'image',
    description,
    graph,
    uses,
    outputNode,
    samplers: new Set(Object.keys(graph).filter((id) => namesIn(graph[id]?.inputs).includes('seed'))),
    defaults: { ...defaults, width, height },
    limits,
  };
}

type Complain = (place: string, what: string) => GatewayError;

function readGraph(value: object, wrong: Complain): Graph {
  const nodes = Object.entries(value).map(([id, node]): [string, GraphNode] => {
    const parsed = nodeShape.safeParse(node);
    if (!parsed.success) throw wrong(placeOf(parsed.error, `node ${id}`), wordsOf(parsed.error));
    return [id, parsed.data];
  });
  if (nodes.length === 0) throw wrong('', 'it has no nodes');
  const graph = Object.fromEntries(nodes);
  for (const [id, { inputs }] of nodes) {
    for (const [name, input] of Object.entries(inputs)) {
      if (!Array.isArray(input) || typeof input[0] !== 'string' || !Number.isInteger(input[1])) continue;
      if (!graph[input[0]])
        throw wrong(`node ${id}, input ${name}`, `it links to node ${input[0]}, which is not there`);
    }
  }
  return graph;
}

function readUses(graph: Graph, wrong: Complain): ReadonlySet<Placeholder> {
  const uses = new Set<Placeholder>();
  for (const [id, { inputs }] of Object.entries(graph)) {
    for (const [input, value] of Object.entries(inputs)) {
      for (const name of namesIn(value)) {
        const known = placeholders.map((one) => `{{${one}}}`).join(' ');
        if (!isPlaceholder(name))
          throw wrong(`node ${id}, input ${input}`, `there is no placeholder {{${name}}}; there are ${known}`);
        uses.add(name);
      }
    }
  }
  for (const needed of ['prompt', 'seed'] as const) {
    if (!uses.has(needed)) throw wrong('', `no input uses {{${needed}}}, so that it could not be honoured`);
  }
  if (uses.has('width') !== uses.has('height')) throw wrong('', '{{width}} and {{height}} must be used together');
  return uses;
}

function findSaver(graph: Graph, wrong: Complain): string {
  const found = Object.keys(graph).filter((id) => savers[graph[id]?.class_type ?? '']);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const names = Object.keys(savers).join(', ');
  throw wrong('', `exactly one node must save the result (${names}); there are ${found.length}`);
}

const placeOf = (error: z.ZodError, root: string) => [root, ...(error.issues[0]?.path ?? [])].join('.');

const wordsOf = (error: z.ZodError) => error.issues[0]?.message ?? 'it cannot be read';

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
