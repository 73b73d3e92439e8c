import type { PictureSize } from '../media/picture.ts';
import { type Graph, isLink, neededFor } from './graph.ts';

/** What a graph asks one of its output nodes for. */
export interface GraphWork {
  /** Everything that decides how it looks: both prompts and the numbers of the sampler. */
  readonly subject: string;
  readonly seed: number;
  readonly steps: number;
  readonly size: PictureSize;
  readonly frames: number;
  readonly framesPerSecond: number;
  /** The node that shows progress; its last one where none samples. */
  readonly sampler: string;
  readonly prefix: string;
}

/** Walks back from an output node as ComfyUI does. */
export function readGraph(graph: Graph, output: string): GraphWork {
  const nodes = neededFor(graph, output);
  const find = (name: string) => nodes.find((id) => graph[id]?.inputs[name] !== undefined) ?? '';
  const number = (name: string, otherwise: number) => Number(graph[find(name)]?.inputs[name] ?? otherwise);
  const text = (name: string) => {
    const link = graph[find(name)]?.inputs[name];
    return isLink(link) ? String(graph[link[0]]?.inputs['text'] ?? '') : '';
  };
  const seedName = find('noise_seed') === '' ? 'seed' : 'noise_seed';
  const steps = number('steps', 1);
  return {
    subject: [text('positive'), text('negative'), steps, number('cfg', 1)].join('|'),
    seed: number(seedName, 0),
    steps,
    size: { width: number('width', 64), height: number('height', 64) },
    frames: number('length', 1),
    framesPerSecond: number('fps', 10),
    sampler: find('latent_image') || (nodes.at(-1) ?? ''),
    prefix: String(graph[output]?.inputs['filename_prefix'] ?? 'ComfyUI_temp'),
  };
}
