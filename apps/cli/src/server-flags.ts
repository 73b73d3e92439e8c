import { type FlagValue, listSettings, type NamedSetting, settings } from '@anura/server/config';
import { type Command, Option } from 'commander';
import type { Context } from './context.ts';

/**
 * Gives a command the server's settings as flags, all of them or those named by their path in the file. Names, help, defaults
 * and variables come from the one table of settings.
 */
export function addServerFlags(command: Command, context: Context, only?: readonly string[]): void {
  command.addOption(
    new Option('-c, --config <file>', 'the configuration file (default: anura.config.yaml here)').helpGroup('Options:'),
  );
  for (const named of listSettings(settings)) {
    if (!named.flag || (only && !only.includes(named.path))) continue;
    for (const option of optionsFor(named, context)) command.addOption(option);
  }
}

/** What was given of them on the command line, by path, as `loadConfig` takes it. */
export function serverFlags(options: Readonly<Record<string, unknown>>): Record<string, FlagValue | undefined> {
  const flags: Record<string, FlagValue | undefined> = { config: options['config'] as string | undefined };
  for (const { path, flag } of listSettings(settings)) {
    if (flag) flags[path] = options[new Option(`${flag} <value>`).attributeName()] as FlagValue | undefined;
  }
  return flags;
}

function optionsFor(
  { flag = '', section, setting: { kind, doc, ...setting } }: NamedSetting,
  context: Context,
): Option[] {
  const written = kind.print(setting.default(defaultPlaces(context)));
  const text = lowerFirst(doc.replace(/\.$/, ''));
  const group = section === 'Server' ? 'Options:' : `${section}:`;
  if (!kind.switch) {
    const shown = written === undefined || String(written) === '' ? '' : ` (default: ${written})`;
    return [new Option(`${flag} <${kind.placeholder}>`, text + shown).helpGroup(group)];
  }
  // Both are understood, the one that changes something is shown.
  const on = new Option(flag, text).helpGroup(group);
  const off = new Option(flag.replace('--', '--no-'), `do not ${text}`).helpGroup(group);
  return [on.hideHelp(written === true), off.hideHelp(written !== true)];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** For the help, folders are shown from the home folder. */
function defaultPlaces({ env }: Context) {
  const home = env['ANURA_HOME'] || '~/.anura';
  return { anuraHome: home, dataDir: home };
}
