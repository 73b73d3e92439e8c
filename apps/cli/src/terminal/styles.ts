import { styleText } from 'node:util';
import type { Context, Output } from '../context.ts';

type Style = (text: string) => string;

/**
 * Colours for one output: plain text where it is no terminal or `NO_COLOR` is set, colours in a pipe too where `FORCE_COLOR`
 * is and is not 0.
 */
export function stylesFor(
  output: Output,
  env: Context['env'],
): Record<'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan', Style> {
  const isForced = !['', '0', 'false'].includes(env['FORCE_COLOR'] ?? '');
  const isPlain = !isForced && !output.isTTY;
  // Without a look at the stream when it is forced: a pipe would turn it down.
  const style = (name: 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan') => (text: string) =>
    isPlain ? text : styleText(name, text, isForced ? { validateStream: false } : { stream: output });
  return {
    bold: style('bold'),
    dim: style('dim'),
    green: style('green'),
    yellow: style('yellow'),
    red: style('red'),
    cyan: style('cyan'),
  };
}
