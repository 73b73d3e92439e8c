import { chooseModel } from '../choose-model.ts';
import { connect } from '../connection.ts';
import { type Context, printWarning } from '../context.ts';
import { saveBytes } from '../terminal/save-bytes.ts';
import { NoResult, watchToEnd } from '../watch-to-end.ts';
import { type DrawOptions, drawing, promptOf, tellSaved } from './image.ts';

/** Starts a video, shows how far it is, and saves it. Ctrl-C leaves it running, and says how to find it. */
export async function video(words: readonly string[], options: DrawOptions, context: Context): Promise<void> {
  const anura = connect(options, context);
  const { signal } = context;
  const prompt = await promptOf(words, 'anura video "two frogs on a lilypad"', context);
  const model = options.model ?? chooseModel(await anura.models.list({ signal }), 'video').id;
  const { id } = await anura.video.create(drawing(prompt, model, options), { signal });
  try {
    await watchToEnd(id, anura, options, context);
    const { bytes, contentType } = await anura.jobs.result(id, { signal });
    const file = await saveBytes(bytes, { ...options, output: options.output, title: prompt, contentType }, context);
    tellSaved({ file, bytes, job_offer_id: id, model }, options, context);
  } catch (error) {
    if (!(error instanceof NoResult)) printWarning(context, whereItIs(id), options);
    throw error;
  }
}

/** Minutes of rendering are not lost with the command that waited for them, nor with a full disk. */
function whereItIs(id: string): string {
  return `The server keeps the video: \`anura jobs watch ${id}\` follows it, \`anura jobs result ${id}\` fetches it.`;
}
