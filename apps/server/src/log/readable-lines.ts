import type { DestinationStream } from 'pino';

const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** Turns pino's JSON lines into lines a person reads on a terminal: `11:05:02 info  model loaded  model=tadpole ms=84`. */
export function readableLines(destination: NodeJS.WritableStream): DestinationStream {
  return { write: (line: string) => void destination.write(readable(line)) };
}

function readable(line: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const fields = Object.entries(rest).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  const word = (levels[Number(level)] ?? String(level)).padEnd(5);
  const failure =
    typeof err === 'object' && err !== null && 'stack' in err
      ? `\n  ${String(err.stack).replaceAll('\n', '\n  ')}`
      : '';
  return `${String(time).slice(11, 19)} ${word} ${String(msg ?? '')}  ${fields.join(' ')}${failure}\n`;
}
