import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startFakeUpstream } from './fake-upstream.ts';
import { parseFaultRule } from './faults/fault-plan.ts';
import { helpText } from './help-text.ts';
import { parseModel } from './models.ts';
import type { FakeUpstreamOptions } from './options.ts';

/**
 * The command: starts a fake upstream and waits for SIGINT or SIGTERM. Returns the exit code: 0 when stopped, 2 for
 * arguments that make no sense, 1 when it cannot listen.
 */
export async function runFakeUpstream(args: readonly string[]): Promise<number> {
  let options: FakeUpstreamOptions | 'help';
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${messageOf(error)}\nTry --help.`);
    return 2;
  }
  if (options === 'help') {
    console.log(helpText);
    return 0;
  }
  return serve(options);
}

async function serve(options: FakeUpstreamOptions): Promise<number> {
  const upstream = await startFakeUpstream(options).catch((error: unknown) => messageOf(error));
  if (typeof upstream === 'string') {
    console.error(`Cannot listen: ${upstream}`);
    return 1;
  }
  console.log(`Fake upstream at ${upstream.url}/v1 (Ctrl-C stops it)`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await upstream.close();
  return 0;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Reads the arguments; throws an error that names the wrong one. */
export function readOptions(args: readonly string[]): FakeUpstreamOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      host: { type: 'string' },
      port: { type: 'string', short: 'p' },
      model: { type: 'string', multiple: true },
      'api-key': { type: 'string' },
      'tokens-per-second': { type: 'string' },
      'first-token-ms': { type: 'string' },
      slots: { type: 'string' },
      fault: { type: 'string', multiple: true },
      seed: { type: 'string' },
      'no-ollama': { type: 'boolean' },
      'no-comfyui': { type: 'boolean' },
      'render-ms': { type: 'string' },
      canned: { type: 'string' },
    },
  });
  if (values.help) return 'help';
  return compact({
    host: values.host,
    port: readNumber('port', values.port) ?? 8089,
    models: values.model?.map(parseModel),
    apiKey: values['api-key'],
    tokensPerSecond: readNumber('tokens-per-second', values['tokens-per-second']),
    firstTokenMs: readNumber('first-token-ms', values['first-token-ms']),
    slots: readNumber('slots', values.slots),
    faults: values.fault?.map(parseFaultRule),
    seed: readNumber('seed', values.seed),
    ollama: values['no-ollama'] ? false : undefined,
    comfyui: values['no-comfyui'] ? false : undefined,
    renderMs: readNumber('render-ms', values['render-ms']),
    cannedTokens: readNumber('canned', values.canned),
  });
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0)
    throw new Error(`--${name}: expected a number, not "${text}"`);
  return number;
}

/** Without the entries that were not given, so that the defaults stay. */
function compact(
  options: { [Key in keyof FakeUpstreamOptions]: FakeUpstreamOptions[Key] | undefined },
): FakeUpstreamOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
