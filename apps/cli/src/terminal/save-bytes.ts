import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import type { Context } from '../context.ts';
import { Failure } from '../failure.ts';

export interface SaveOptions {
  /** `--output`: a file, or `-` for standard output. */
  readonly output: string | undefined;
  /** What the name is made from when there is none, e.g. the prompt. */
  readonly title: string;
  readonly contentType: string;
}

const extensions: Readonly<Record<string, string>> = {
  'image/png': '.png',
  'image/webp': '.webp',
  'audio/wav': '.wav',
  'audio/mpeg': '.mp3',
  'audio/ogg': '.opus',
  'audio/aac': '.aac',
  'audio/flac': '.flac',
  'audio/pcm': '.pcm',
  'video/mp4': '.mp4',
};

/**
 * Puts bytes where they were asked for: into `--output`, into the pipe behind the command, or else into a new file named
 * after `title` in this folder. Resolves with the file's name; undefined when they went to standard output.
 */
export async function saveBytes(
  bytes: Uint8Array,
  { output, title, contentType }: SaveOptions,
  { stdout, cwd }: Context,
): Promise<string | undefined> {
  if (output === '-' || (output === undefined && !stdout.isTTY)) {
    await new Promise<void>((done, fail) => stdout.write(bytes, (error) => (error ? fail(error) : done())));
    return undefined;
  }
  const path = output === undefined ? freeName(title, contentType, cwd) : resolve(cwd, output);
  await writeFile(path, bytes).catch((cause: NodeJS.ErrnoException) => {
    throw new Failure(`${path} cannot be written (${cause.code}).`, { cause });
  });
  return output ?? basename(path);
}

/** `a-spaceship-parked-on.png`, or with a number behind it when that is taken. */
function freeName(title: string, contentType: string, folder: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const base = words.slice(0, 4).join('-').slice(0, 60) || 'anura';
  const extension = extensions[contentType.split(';')[0] ?? ''] ?? '.bin';
  for (let number = 1; ; number++) {
    const path = resolve(folder, `${base}${number === 1 ? '' : `-${number}`}${extension}`);
    if (!existsSync(path)) return path;
  }
}

/** Whether a name says that it is of this type, so that `-o speech.mp3` need not be told twice. */
export const extensionOf = (output: string | undefined): string =>
  extname(output ?? '')
    .slice(1)
    .toLowerCase();
