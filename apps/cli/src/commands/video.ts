import { chooseModel } from '../choose-model.ts';
import { connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { saveBytes } from '../terminal/save-bytes.ts';
import { watchToEnd } from '../watch-to-end.ts';
import { type DrawOptions, drawing, promptOf, tellSaved } from './image.ts';

/** Starts a video, shows how far it is, and saves it. Ctrl-C leaves it running; `anura jobs` finds it again. */
export async function video(words: readonly string[], options: DrawOptions, context: Context): Promise<void> {
  const anura = connect(options, context);
  const { signal } = context;
  const prompt = await promptOf(words, 'anura video "two frogs on a lilypad"', context);
  const model = options.model ?? chooseModel(await anura.models.list({ signal }), 'video').id;
  const { id } = await anura.video.create(drawing(prompt, model, options), { signal });
  await watchToEnd(id, anura, options, context);
  const { bytes, contentType } = await anura.jobs.result(id, { signal });
  const file = await saveBytes(bytes, { ...options, output: options.output, title: prompt, contentType }, context);
  tellSaved({ file, bytes, job_offer_id: id, model }, options, context);
}
