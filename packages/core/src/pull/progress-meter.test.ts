import { describe, expect, it } from 'vitest';
import { ProgressMeter, type PullProgress } from './progress-meter.ts';

function meterAt(start: number) {
  const clock = { now: start };
  const seen: PullProgress[] = [];
  const meter = new ProgressMeter(
    (progress) => seen.push(progress),
    () => clock.now,
  );
  meter.total(1000);
  return { clock, seen, meter };
}

describe('ProgressMeter', () => {
  it('measures speed from what arrives, not from what was there', () => {
    const { clock, seen, meter } = meterAt(0);
    meter.completed(500);
    meter.phase('downloading');
    clock.now = 1000;
    meter.completed(600);
    expect(seen.at(-1)).toEqual({
      phase: 'downloading',
      completedBytes: 600,
      totalBytes: 1000,
      bytesPerSecond: 100,
      secondsLeft: 4,
    });
  });

  it('forgets speeds older than five seconds', () => {
    const { clock, seen, meter } = meterAt(0);
    meter.phase('downloading');
    for (let second = 1; second <= 20; second += 1) {
      clock.now = second * 1000;
      meter.completed(second <= 10 ? second : 10 + (second - 10) * 50);
    }
    expect(seen.at(-1)?.bytesPerSecond).toBe(50);
  });

  it('speaks at most ten times a second within a phase, and at once when the phase changes', () => {
    const { clock, seen, meter } = meterAt(0);
    meter.phase('downloading');
    for (let step = 1; step <= 1000; step += 1) {
      clock.now = step;
      meter.completed(step);
    }
    expect(seen).toHaveLength(1 + 10);
    meter.phase('retrying', 'the connection was cut');
    expect(seen.at(-1)).toEqual({
      phase: 'retrying',
      completedBytes: 1000,
      totalBytes: 1000,
      message: 'the connection was cut',
    });
  });
});
