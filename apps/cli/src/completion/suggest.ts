import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { printable } from '../terminal/printable.ts';
import { knownValues } from './known-values.ts';
import { findSpot, type Spot } from './spot.ts';

export interface Suggestion {
  /** The whole word. */
  readonly value: string;
  readonly description: string;
}

/** What the last of these words, those after `anura`, may become. */
export async function suggest(program: Command, words: readonly string[], context: Context): Promise<Suggestion[]> {
  const spot = findSpot(program, words);
  const possible = spot.option
    ? [...choices(spot.option.argChoices), ...(await knownValues(spot, context))]
    : [
        ...commandsAt(spot),
        ...optionsAt(spot),
        ...choices(spot.argument?.argChoices),
        ...(await knownValues(spot, context)),
      ];
  return possible
    .filter(({ value }) => value.startsWith(spot.typed) && isHarmless(value))
    .map(({ value, description }) => ({ value: spot.lead + value, description: oneLine(description) }));
}

/** A server's names end in somebody's command line: nothing of theirs may mean something to a shell. */
function isHarmless(value: string): boolean {
  return /^[\w.:/@+,-]+$/.test(value);
}

function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, ' ').trim();
}

function choices(values: readonly string[] = []): Suggestion[] {
  return values.map((value) => ({ value, description: '' }));
}

function commandsAt({ command, mayBeCommand }: Spot): Suggestion[] {
  if (!mayBeCommand) return [];
  const visible = command.createHelp().visibleCommands(command);
  return visible.map((below) => ({ value: below.name(), description: below.description() }));
}

function optionsAt({ command, isOption }: Spot): Suggestion[] {
  if (!isOption) return [];
  const visible = command.createHelp().visibleOptions(command);
  return visible.flatMap(({ long, description }) => (long ? [{ value: long, description }] : []));
}
