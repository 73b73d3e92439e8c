import type { PullProgress } from '@anura/core/pull';
import type { Output } from '../context.ts';
import { formatBytes, formatSeconds } from './amounts.ts';
import { progressBar } from './progress-bar.ts';

const phases: Record<PullProgress['phase'], string> = {
  resolving: 'Asking the registry',
  waiting: 'Another pull is bringing it',
  checking: 'Checking what is here',
  downloading: 'Downloading',
  retrying: 'Trying again',
  installing: 'Putting it in place',
  done: 'Done',
};

/** `Downloading ████████░░░░ 67 %  3.1 GB of 4.7 GB  24.0 MB/s  1 min 7 s left` */
export function progressText(progress: PullProgress, output: Output): string {
  const { phase, completedBytes, totalBytes, bytesPerSecond, secondsLeft, message } = progress;
  const parts = [phases[phase] + (message ? `: ${message}` : '')];
  if (totalBytes > 0 && phase !== 'done') {
    const share = Math.min(1, completedBytes / totalBytes);
    parts[0] += ` ${output.isTTY ? progressBar(share) : `${Math.floor(share * 100)} %`}`;
    parts.push(`${formatBytes(completedBytes)} of ${formatBytes(totalBytes)}`);
  }
  if (bytesPerSecond !== undefined) parts.push(`${formatBytes(Math.round(bytesPerSecond))}/s`);
  if (secondsLeft !== undefined) parts.push(`${formatSeconds(secondsLeft)} left`);
  return parts.join('  ');
}
