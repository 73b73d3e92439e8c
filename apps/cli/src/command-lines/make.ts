import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Size } from '../commands/image.ts';
import type { Setup } from '../program.ts';
import { withConnection, withJson } from './connection-options.ts';
import { numberBetween, wholeNumber } from './parse-number.ts';

const imageHelp = `
kitty, Ghostty, Konsole, iTerm2, WezTerm, mintty, foot and mlterm show the picture too, though not within tmux;
--inline says otherwise.

Examples:
  anura image "a spaceship parked on a lilypad"
  anura image "a frog at night" --seed 7 --size 64x64 -o frog.png`;

const videoHelp = `
Ctrl-C leaves it running on the server; anura jobs watch ID goes on watching.

Examples:
  anura video "two frogs sit on a lilypad" -o frogs.webp`;

const speakHelp = `
The name of the file says in which format; all but wav and pcm need ffmpeg on the server.

Examples:
  anura speak "The frogs are awake."
  anura speak --voice fenrir -o story.mp3 < story.txt`;

/** The commands that make pictures, videos and speech. */
export function addMakeCommands({ program, context }: Setup): void {
  program.commandsGroup('Make:');
  const image = program
    .command('image')
    .description('draw a picture')
    .argument('[prompt...]', 'what it shows (default: what is piped in)')
    .addHelpText('after', imageHelp);
  withDrawing(withInline(image)).action(async (words, options) =>
    (await import('../commands/image.ts')).image(words, options, context),
  );

  const video = program
    .command('video')
    .description('make a short animation')
    .argument('[prompt...]', 'what it shows (default: what is piped in)')
    .addHelpText('after', videoHelp);
  withDrawing(video).action(async (words, options) =>
    (await import('../commands/video.ts')).video(words, options, context),
  );

  const speak = program
    .command('speak')
    .description('read a text aloud into a file')
    .argument('[text...]', 'the text (default: what is piped in)')
    .option('-m, --model <name>', 'the model (default: the first that speaks)')
    .option('-v, --voice <name>', 'heart, puck, fenrir, bella, or another of the model', 'heart')
    .option('--speed <number>', 'the pace; 1 is usual', numberBetween(0.25, 4))
    .addHelpText('after', speakHelp);
  withConnection(withJson(withOutput(speak))).action(async (words, options) =>
    (await import('../commands/speak.ts')).speak(words, options, context),
  );
}

function withDrawing(command: Command): Command {
  command
    .option('-m, --model <name>', 'the model (default: the first that can)')
    .option('-n, --negative <text>', 'what it should not show')
    .option('--seed <number>', 'the same seed gives the same picture', wholeNumber(0))
    .option('--steps <number>', 'more take longer', wholeNumber(1))
    .option('--size <WIDTHxHEIGHT>', 'in pixels, like 64x64', parseSize);
  return withConnection(withJson(withOutput(command)));
}

/** For every command that makes a file. */
export function withOutput(command: Command): Command {
  return command.option('-o, --output <file>', 'where to save it; - for standard output (default: a name of its own)');
}

/** For the commands whose file may be a picture. */
export function withInline(command: Command): Command {
  const ways = ['auto', 'kitty', 'iterm', 'sixel', 'never'];
  return command.addOption(
    new Option('--inline <way>', 'show it here too, as the terminal can').choices(ways).default('auto'),
  );
}

function parseSize(text: string): Size {
  const [, width, height] = /^([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(text) ?? [];
  if (width && height) return { width: Number(width), height: Number(height) };
  throw new InvalidArgumentError('Expected a width and a height, like 64x64.');
}
