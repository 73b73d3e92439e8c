import { createAnura } from '@anura/client';
import { type ConnectionOptions, defaultUrl } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { Failure, usageFailure } from '../failure.ts';
import { checkedProfileName, defaultProfile } from '../profiles/profile.ts';
import { ProfileStore } from '../profiles/profile-store.ts';
import { readPipe } from '../read-input.ts';
import { checkServerUrl } from '../server-url.ts';
import { countOf } from '../terminal/amounts.ts';
import { askFor, askForSecret } from '../terminal/ask.ts';
import { printable } from '../terminal/printable.ts';

const timeoutMs = 15_000;

/** Asks for what was not given, has the server check it, and saves it as the current profile. */
export async function login(options: ConnectionOptions, context: Context): Promise<void> {
  const store = new ProfileStore(context);
  const name = checkedProfileName(options.profile ?? (context.env['ANURA_PROFILE'] || defaultProfile));
  const before = store.read(name);
  const url = checkServerUrl(options.url ?? (await askForUrl(before?.url, context)));
  const version = await checkAnswers(url, context);
  const key = checkedKey(options.key ?? (await askForKey(context)));
  const models = await createAnura({ baseUrl: url, apiKey: key, retries: 0, timeoutMs }).models.list({
    signal: context.signal,
  });
  await store.save({ name, url, key });
  await store.choose(name);
  if (options.json) return printJson(context.stdout, { profile: name, url, version, models: models.length });
  const what = `Anura ${version} at ${url}, with ${countOf(models.length, 'model')}`;
  printLine(
    context.stdout,
    `${before ? 'Renewed' : 'Saved'} the profile ${name}: ${what}. Commands use it from now on.`,
  );
}

/** The address before the key: nobody should type a key for a server that is not there. */
async function checkAnswers(url: string, { signal }: Context): Promise<string> {
  const { version } = await createAnura({ baseUrl: url, retries: 0, timeoutMs }).health({ signal });
  return printable(version);
}

async function askForUrl(savedUrl: string | undefined, context: Context): Promise<string> {
  const usual = savedUrl ?? (context.env['ANURA_URL'] || defaultUrl);
  return context.stdin.isTTY ? await askFor('Server', usual, context) : usual;
}

async function askForKey(context: Context): Promise<string> {
  if (context.stdin.isTTY) return await askForSecret('API key', context);
  return (await readPipe(context)) || (context.env['ANURA_API_KEY'] ?? '');
}

function checkedKey(text: string): string {
  const key = text.trim();
  if (!key) throw usageFailure('There is no key. Give it with --key, or pipe it in: anura login URL < key.txt');
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new Failure('The key holds a space, a line break or a character no key has. Was more than the key pasted?');
}
