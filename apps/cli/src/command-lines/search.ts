import type { Setup } from '../program.ts';
import { withConnection, withJson } from './connection-options.ts';
import { wholeNumber } from './parse-number.ts';

const searchHelp = `
Asks the server's search engine, whichever it is. add, list and rm work on the local index of this machine.

Examples:
  anura search "how are jobs retried?"
  anura search add ./docs --base-url https://docs.example/
  anura search add pages.txt`;

const indexSettings = ['data_dir'];

/** The commands that search, and that say what is searched. */
export async function addSearchCommands({ program, context, args }: Setup): Promise<void> {
  const search = program
    .command('search')
    .description('search the web, or your own documents')
    .argument('[query...]', 'what to look for (default: what is piped in)')
    .option('-c, --count <number>', 'how many results, 10 at most', wholeNumber(1), 5)
    .addHelpText('after', searchHelp);
  withConnection(withJson(search)).action(async (words, options) =>
    (await import('../commands/search.ts')).search(words, options, context),
  );

  const add = withJson(search.command('add'))
    .description('add documents to the local index, or bring them up to date')
    .argument('<source>', 'a folder with .md, .txt and .html files, or a file with one address a line')
    .option('--collection <name>', 'what they belong to (default: the path of the folder, or the name of the file)')
    .option('--base-url <url>', 'what the names of the files are put behind in results');
  const list = withJson(search.command('list')).description('list what the local index holds');
  const remove = withJson(search.command('rm'))
    .description('forget a collection')
    .argument('<collection>', 'as in anura search list, or the folder that was added');
  if (args.includes('search')) {
    const { addServerFlags } = await import('../server-flags.ts');
    for (const command of [add, list, remove]) addServerFlags(command, context, indexSettings);
  }
  const load = () => import('../commands/search-documents.ts');
  add.action(async (source, _options, command) =>
    (await load()).addDocuments(source, command.optsWithGlobals(), context),
  );
  list.action(async (_options, command) => (await load()).listDocuments(command.optsWithGlobals(), context));
  remove.action(async (collection, _options, command) =>
    (await load()).removeDocuments(collection, command.optsWithGlobals(), context),
  );
}
