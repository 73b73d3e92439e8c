import type { Argument, Command, Option } from 'commander';

/** Where the cursor is. */
export interface Spot {
  readonly command: Command;
  /** The option whose value is being typed. */
  readonly option: Option | undefined;
  /** The argument that is being typed, when it is no option. */
  readonly argument: Argument | undefined;
  /** Whether it is the name of an option. */
  readonly isOption: boolean;
  /** Whether it may also be the name of a command below this one. */
  readonly mayBeCommand: boolean;
  /** What was typed of it so far. */
  readonly typed: string;
  /** What stands before it in the same word: `--model=` or nothing. */
  readonly lead: string;
  /** The options that were given a value before, by their attribute name. */
  readonly given: Readonly<Record<string, string>>;
}

/** Follows the words after `anura` to the last, the one being typed. */
export function findSpot(program: Command, words: readonly string[]): Spot {
  let command = program;
  let option: Option | undefined;
  let argumentCount = 0;
  let optionsEnded = false;
  const given: Record<string, string> = {};
  for (const word of words.slice(0, -1)) {
    const [flag = '', value] = word.split(/=(.*)/s);
    if (option) {
      given[option.attributeName()] = word;
      option = undefined;
    } else if (word === '--') optionsEnded = true;
    else if (!optionsEnded && word.startsWith('-')) {
      const found = findOption(command, flag);
      if (found && value !== undefined) given[found.attributeName()] = value;
      else option = found && takesValue(found) ? found : undefined;
    } else {
      const below = argumentCount === 0 ? command.commands.find((other) => other.name() === word) : undefined;
      if (below) command = below;
      // Behind `help` stands what could stand in its place.
      else if (word !== 'help' || argumentCount > 0) argumentCount += 1;
    }
  }
  const current = words.at(-1) ?? '';
  const [flag = '', value] = current.startsWith('--') && !option && !optionsEnded ? current.split(/=(.*)/s) : [];
  const isOption = value === undefined && !option && !optionsEnded && current.startsWith('-');
  return {
    command,
    given,
    isOption,
    option: value === undefined ? option : findOption(command, flag),
    argument: isOption || option || value !== undefined ? undefined : argumentAt(command, argumentCount),
    mayBeCommand: !isOption && !option && value === undefined && argumentCount === 0,
    typed: value ?? current,
    lead: value === undefined ? '' : `${flag}=`,
  };
}

const takesValue = (option: Option): boolean => option.required || option.optional;

function findOption(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

function argumentAt({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}
