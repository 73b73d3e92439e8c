import { chooseModel } from '../choose-model.ts';
import { type ConnectionOptions, connect } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { type InlineOptions, showImage } from '../inline-image/show-image.ts';
import { readPipe } from '../read-input.ts';
import { formatBytes } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { saveBytes } from '../terminal/save-bytes.ts';
import { showWaiting } from '../terminal/show-waiting.ts';

export interface DrawOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly model?: string;
  readonly output?: string;
  readonly negative?: string;
  readonly seed?: number;
  readonly steps?: number;
  readonly size?: Size;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Draws a picture, saves it, and shows it in terminals that can. */
export async function image(
  words: readonly string[],
  options: DrawOptions & InlineOptions,
  context: Context,
): Promise<void> {
  const anura = connect(options, context);
  const { signal } = context;
  const prompt = await promptOf(words, 'anura image "a frog in a pond"', context);
  const model = options.model ?? chooseModel(await anura.models.list({ signal }), 'image').id;
  const waiting = showWaiting(`Drawing with ${model} …`, options, context);
  try {
    const { bytes, contentType, jobOfferId } = await anura.image(drawing(prompt, model, options), { signal });
    waiting.end();
    const file = await saveBytes(bytes, { ...options, output: options.output, title: prompt, contentType }, context);
    if (file !== undefined) await showImage(bytes, options, context);
    tellSaved({ file, bytes, job_offer_id: jobOfferId, model }, options, context);
  } finally {
    waiting.end();
  }
}

export function drawing(prompt: string, model: string, { negative, seed, steps, size }: DrawOptions) {
  return {
    prompt,
    model,
    ...(negative !== undefined && { negative_prompt: negative }),
    ...(seed !== undefined && { seed }),
    ...(steps !== undefined && { steps }),
    ...size,
  };
}

/** The words of the command, or what is piped in. */
export async function promptOf(words: readonly string[], example: string, context: Context): Promise<string> {
  const prompt = words.join(' ') || (await readPipe(context));
  if (!prompt) throw usageFailure(`There is no text. Try: ${example}`);
  return prompt;
}

interface Saved {
  readonly file: string | undefined;
  readonly bytes: Uint8Array;
  readonly job_offer_id: string | undefined;
  readonly model: string;
}

/** Nothing beside the bytes may go to standard output when they went there. */
export function tellSaved(saved: Saved, { json }: { json?: boolean }, { stdout, stderr }: Context): void {
  const { file, bytes, ...rest } = saved;
  const output = file === undefined ? stderr : stdout;
  if (json) printJson(output, { file: file ?? null, size_bytes: bytes.length, ...rest });
  else if (file !== undefined)
    printLine(output, `Saved ${file}, ${formatBytes(bytes.length)}, by ${printable(rest.model)}.`);
}
