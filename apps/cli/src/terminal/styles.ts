import { styleText } from 'node:util';
import type { Output } from '../context.ts';

type Style = (text: string) => string;

/** Colours for one output: plain text where it is no terminal, or `NO_COLOR` is set. */
export function stylesFor(output: Output): Record<'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan', Style> {
  const style = (name: 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan') => (text: string) =>
    output.isTTY ? styleText(name, text, { stream: output }) : text;
  return {
    bold: style('bold'),
    dim: style('dim'),
    green: style('green'),
    yellow: style('yellow'),
    red: style('red'),
    cyan: style('cyan'),
  };
}
