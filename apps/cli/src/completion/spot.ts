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

/** How far the words before the cursor lead. */
interface Way {
  readonly command: Command;
  /** Waits for its value. */
  readonly option: Option | undefined;
  /** Of this command, so far. */
  readonly argumentCount: number;
  /** `--` was there: nothing is an option any more. */
  readonly optionsEnded: boolean;
  readonly given: Spot['given'];
}

/** Follows the words after `anura` to the last, the one being typed. */
export function findSpot(program: Command, words: readonly string[]): Spot {
  const start: Way = { command: program, option: undefined, argumentCount: 0, optionsEnded: false, given: {} };
  const way = words.slice(0, -1).reduce(goOn, start);
  const { command, given, argumentCount } = way;
  const typed = words.at(-1) ?? '';
  const nowhere = {
    command,
    given,
    option: undefined,
    argument: undefined,
    isOption: false,
    mayBeCommand: false,
    lead: '',
  };
  if (way.option) return { ...nowhere, option: way.option, typed };
  if (!way.optionsEnded && typed.startsWith('-')) {
    const [flag, value] = splitOption(typed);
    if (value === undefined) return { ...nowhere, isOption: true, typed };
    return { ...nowhere, option: findOption(command, flag), typed: value, lead: `${flag}=` };
  }
  return { ...nowhere, argument: argumentAt(command, argumentCount), mayBeCommand: argumentCount === 0, typed };
}

/** Passes one word that is complete. */
function goOn(way: Way, word: string): Way {
  if (way.option) return withValue(way, way.option, word);
  if (way.optionsEnded || !word.startsWith('-')) return passWord(way, word);
  if (word === '--') return { ...way, optionsEnded: true };
  const [flag, value] = splitOption(word);
  const option = findOption(way.command, flag);
  if (!option || !(option.required || option.optional)) return way;
  return value === undefined ? { ...way, option } : withValue(way, option, value);
}

function withValue(way: Way, option: Option, value: string): Way {
  return { ...way, option: undefined, given: { ...way.given, [option.attributeName()]: value } };
}

function passWord(way: Way, word: string): Way {
  const mayBeCommand = way.argumentCount === 0;
  const below = mayBeCommand ? way.command.commands.find((other) => other.name() === word) : undefined;
  if (below) return { ...way, command: below };
  // Behind `help` stands what could stand in its place.
  return mayBeCommand && word === 'help' ? way : { ...way, argumentCount: way.argumentCount + 1 };
}

/** `--model=tadpole` in its two parts. */
function splitOption(word: string): [flag: string, value: string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function findOption(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

function argumentAt({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}
