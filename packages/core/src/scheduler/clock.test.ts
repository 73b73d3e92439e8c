import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';

test('a timer set late in a busy turn does not come early', async () => {
  const elapsedMs = await new Promise<number>((resolve) => {
    const busyUntilMs = performance.now() + 30;
    while (performance.now() < busyUntilMs);
    const startMs = systemClock.now();
    systemClock.after(20, () => resolve(systemClock.now() - startMs));
  });
  expect(elapsedMs).toBeGreaterThanOrEqual(20);
});

test('a cancelled timer does not run', async () => {
  let ran = false;
  const cancel = systemClock.after(5, () => {
    ran = true;
  });
  cancel();
  await new Promise<void>((resolve) => systemClock.after(15, resolve));
  expect(ran).toBe(false);
});
