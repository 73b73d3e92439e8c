import { readFileSync } from 'node:fs';

/** Clock ticks per second in /proc: 100 on every Linux Node runs on. */
const ticksPerSecond = 100;

/** Resident memory of a process, bytes; NaN where there is no /proc. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(read(pid, 'status'))?.[1];
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) * 1024;
}

/** Processor time a process has used, its threads included, milliseconds; NaN where there is no /proc. */
export function processorMs(pid: number): number {
  const stat = read(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold spaces
  const ticks = Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN);
  return (ticks / ticksPerSecond) * 1000;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
