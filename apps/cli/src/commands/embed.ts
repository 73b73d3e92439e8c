import { chooseModel } from '../choose-model.ts';
import { type ConnectionOptions, connect } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { readPipe } from '../read-input.ts';

export interface EmbedOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly model?: string;
}

/** Prints the vector as one line of JSON; on a terminal only how it begins. */
export async function embed(words: readonly string[], options: EmbedOptions, context: Context): Promise<void> {
  const input = words.join(' ') || (await readPipe(context));
  if (!input) throw usageFailure('There is no text. Try: anura embed "a frog in a pond"');
  const anura = connect(options, context);
  const { signal } = context;
  const model = options.model ?? chooseModel(await anura.models.list({ signal }), 'embedding').id;
  const answer = await anura.embeddings.create({ model, input }, { signal });
  if (options.json) return printJson(context.stdout, answer);
  const vector = answer.data[0]?.embedding;
  printLine(context.stdout, context.stdout.isTTY && Array.isArray(vector) ? beginning(vector) : JSON.stringify(vector));
}

function beginning(vector: readonly number[]): string {
  const shown = vector.slice(0, 6).map((number) => number.toFixed(4));
  return `[${shown.join(', ')}, …] ${vector.length} numbers; --json or a pipe gives them all`;
}
