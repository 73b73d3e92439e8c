import type { Context } from '../context.ts';
import { formatSeconds } from './amounts.ts';
import { progressLine } from './progress-line.ts';

/**
 * Says what is waited for, and on a terminal for how long by now. For work that does not tell how far it is.
 * @returns `end` takes the line away; to be called also when the work failed
 */
export function showWaiting(text: string, options: { json?: boolean }, context: Context): { end: () => void } {
  const line = progressLine(context, options);
  const startedAt = performance.now();
  const show = () => {
    const seconds = (performance.now() - startedAt) / 1000;
    line.show(seconds < 1 ? text : `${text}  ${formatSeconds(seconds)}`, text);
  };
  show();
  const timer = context.stderr.isTTY ? setInterval(show, 1000) : undefined;
  return {
    end: () => {
      clearInterval(timer);
      line.clear();
    },
  };
}
