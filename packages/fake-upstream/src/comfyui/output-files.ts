import { makePng, makeWebp } from '../media/picture.ts';
import type { GraphWork } from './read-graph.ts';

export interface OutputFile {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: string;
}

/** What an output node tells about its files, in `executed` and in the history. */
export interface NodeOutput {
  readonly images: readonly OutputFile[];
  readonly animated?: readonly boolean[];
}

const mostFiles = 200;

/** The files on the fake's disk: they outlast a restart. The oldest go when there are too many. */
export class OutputFiles {
  readonly #files = new Map<string, Buffer>();
  #saved = 0;

  /** Paints and saves what a node of this class saves. */
  async save(className: string, work: GraphWork): Promise<NodeOutput> {
    const animated = className === 'SaveAnimatedWEBP';
    const { subject, seed, size, frames, framesPerSecond } = work;
    const bytes = animated
      ? await makeWebp(subject, seed, size, frames, 1000 / framesPerSecond)
      : await makePng(subject, seed, size);
    const file = this.#name(work.prefix, animated ? 'webp' : 'png', className === 'PreviewImage' ? 'temp' : 'output');
    this.#files.set(key(file), bytes);
    for (const oldest of [...this.#files.keys()].slice(0, -mostFiles)) this.#files.delete(oldest);
    return { images: [file], ...(animated && { animated: [true] }) };
  }

  read(file: OutputFile): Buffer | undefined {
    return this.#files.get(key(file));
  }

  #name(prefix: string, extension: string, type: string): OutputFile {
    const at = prefix.lastIndexOf('/');
    const counter = String(++this.#saved).padStart(5, '0');
    return {
      filename: `${prefix.slice(at + 1)}_${counter}_.${extension}`,
      subfolder: prefix.slice(0, Math.max(0, at)),
      type,
    };
  }
}

const key = ({ type, subfolder, filename }: OutputFile) => `${type}/${subfolder}/${filename}`;
