import { extname, resolve } from 'node:path';
import { type Context, printWarning } from '../context.ts';
import { Failure } from '../failure.ts';
import { writeNew, writeWhole } from './write-whole.ts';

export interface SaveOptions {
  /** `--output`: a file, or `-` for standard output. */
  readonly output: string | undefined;
  /** What the name is made from when there is none, e.g. the prompt. */
  readonly title: string;
  readonly contentType: string;
  /** Standard output is for JSON then, and a pipe behind the command gets no bytes unasked. */
  readonly json?: boolean | undefined;
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

/** Names by which other programs choose how to read a file. `.ogg` is what many call Opus. */
const tellingNames = /^\.(png|jpe?g|gif|webp|avif|bmp|svg|wav|mp3|opus|ogg|oga|m4a|aac|flac|pcm|mp4|webm|mov)$/i;

/**
 * Puts bytes where they were asked for: into `--output`, into the pipe behind the command, or else into a new file named
 * after `title` in this folder. Resolves with the file's name; undefined when they went to standard output.
 */
export async function saveBytes(
  bytes: Uint8Array,
  { output, title, contentType, json }: SaveOptions,
  { stdout, stderr, cwd }: Context,
): Promise<string | undefined> {
  if (output === '-' || (output === undefined && !stdout.isTTY && !json)) {
    await new Promise<void>((done, fail) => stdout.write(bytes, (error) => (error ? fail(error) : done())));
    return undefined;
  }
  if (output === undefined) return await saveAsNew(bytes, title, contentType, cwd);
  await told(resolve(cwd, output), (path) => writeWhole(path, bytes));
  if (isMisnamed(output, contentType))
    printWarning({ stderr }, `${output} holds ${contentType}, whatever its name says.`, json ? { json } : {});
  return output;
}

/** `a-spaceship-parked-on.png`, or with a number behind it when that is taken, also by somebody who is quicker. */
async function saveAsNew(bytes: Uint8Array, title: string, contentType: string, folder: string): Promise<string> {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const base = words.slice(0, 4).join('-').slice(0, 60) || 'anura';
  const extension = extensions[contentType.split(';')[0] ?? ''] ?? '.bin';
  for (let number = 1; ; number++) {
    const name = `${base}${number === 1 ? '' : `-${number}`}${extension}`;
    if (await told(resolve(folder, name), (path) => isNewlyWritten(path, bytes))) return name;
  }
}

function isMisnamed(output: string, contentType: string): boolean {
  const right = extensions[contentType.split(';')[0] ?? ''];
  const given = `.${extensionOf(output)}`.replace(/^\.og[ga]$/, '.opus');
  return right !== undefined && given !== right && tellingNames.test(given);
}

/** False when the name is taken. */
function isNewlyWritten(path: string, bytes: Uint8Array): Promise<boolean> {
  return writeNew(path, bytes).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

async function told<T>(path: string, write: (path: string) => Promise<T>): Promise<T> {
  return await write(path).catch((cause: NodeJS.ErrnoException) => {
    throw new Failure(`${path} cannot be written (${cause.code}).`, { cause });
  });
}

/** Whether a name says that it is of this type, so that `-o speech.mp3` need not be told twice. */
export const extensionOf = (output: string | undefined): string =>
  extname(output ?? '')
    .slice(1)
    .toLowerCase();
