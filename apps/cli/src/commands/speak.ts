import { chooseModel } from '../choose-model.ts';
import { type ConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { extensionOf, saveBytes } from '../terminal/save-bytes.ts';
import { showWaiting } from '../terminal/show-waiting.ts';
import { promptOf, tellSaved } from './image.ts';

export interface SpeakOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly model?: string;
  readonly output?: string;
  readonly voice: string;
  readonly speed?: number;
}

const formats = ['wav', 'pcm', 'mp3', 'opus', 'aac', 'flac'] as const;

/** Undefined leaves it to the server, which makes WAV. */
function formatOf(output: string | undefined): (typeof formats)[number] | undefined {
  const extension = extensionOf(output);
  return extension === 'ogg' ? 'opus' : formats.find((name) => name === extension);
}

/** Reads a text aloud into a file, whose name says in which format. */
export async function speak(words: readonly string[], options: SpeakOptions, context: Context): Promise<void> {
  const anura = connect(options, context);
  const { signal } = context;
  const input = await promptOf(words, 'anura speak "The frogs are awake."', context);
  const model = options.model ?? chooseModel(await anura.models.list({ signal }), 'speech').id;
  const format = formatOf(options.output);
  const request = {
    input,
    model,
    voice: options.voice,
    ...(options.speed !== undefined && { speed: options.speed }),
    ...(format && { response_format: format }),
  };
  const waiting = showWaiting(`Speaking with ${model} …`, options, context);
  try {
    const { bytes, contentType, jobOfferId } = await anura.speech(request, { signal });
    waiting.end();
    const file = await saveBytes(bytes, { ...options, output: options.output, title: input, contentType }, context);
    tellSaved({ file, bytes, job_offer_id: jobOfferId, model }, options, context);
  } finally {
    waiting.end();
  }
}
