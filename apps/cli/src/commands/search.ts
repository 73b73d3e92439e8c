import { type ConnectionOptions, connect } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { printable } from '../terminal/printable.ts';
import { stylesFor } from '../terminal/styles.ts';
import { promptOf } from './image.ts';

export interface SearchOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly count: number;
}

/** Asks the server's search engine. */
export async function search(words: readonly string[], options: SearchOptions, context: Context): Promise<void> {
  const query = await promptOf(words, 'anura search "how are jobs retried?"', context);
  const request = { query, number_of_results: options.count };
  const answer = await connect(options, context).search(request, { signal: context.signal });
  const { stdout, stderr, env } = context;
  if (options.json) return printJson(stdout, answer);
  if (answer.count === 0)
    return printLine(stderr, 'Nothing was found. `anura search add DIR` adds documents to the local index.');
  const { bold, cyan, dim } = stylesFor(stdout, env);
  for (const { title, url, description } of answer.results) {
    printLine(stdout, `${bold(printable(title))}\n  ${cyan(printable(url))}\n  ${printable(description)}\n`);
  }
  if (answer.related_queries.length > 0)
    printLine(stdout, dim(printable(`Also: ${answer.related_queries.join(' · ')}`)));
}
