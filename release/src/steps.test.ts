import { expect, it } from 'vitest';
import { CannotGoOn, Skipped, Steps } from './steps.ts';

const steps = (skipFails = false) => {
  const lines: string[] = [];
  return { lines, steps: new Steps({ print: (line) => lines.push(line), skipFails }) };
};

it('says what came out, and goes on after a failure', async () => {
  const { lines, steps: run } = steps();
  await run.run('packing', async () => '3 tarballs');
  await run.run('chatting', () => Promise.reject(new Error('no answer\nstart the server')));
  expect(lines[0]).toMatch(/^ok {5}packing \(\d\.\d s\): 3 tarballs$/);
  expect(lines[1]).toMatch(/^FAILED chatting \(\d\.\d s\)\n {2}no answer\n {2}start the server$/);
  expect(run).toMatchObject({ passed: 1, failed: 1 });
});

it('says what this machine cannot do, which is a failure only where skipping is not allowed', async () => {
  const lenient = steps();
  const strict = steps(true);
  for (const { steps: run } of [lenient, strict]) await run.run('Deno', () => Promise.reject(new Skipped('not here')));
  expect(lenient.lines).toEqual(['skipped: Deno: not here']);
  expect(lenient.steps).toMatchObject({ failed: 0, skipped: 1 });
  expect(strict.steps).toMatchObject({ failed: 1, skipped: 1 });
  await strict.steps.run('Node 20', () => Promise.reject(new Skipped('not here')), { optional: true });
  expect(strict.steps).toMatchObject({ failed: 1, skipped: 2 });
});

it('ends where nothing else makes sense', async () => {
  const { steps: run } = steps();
  await expect(run.require('building', () => Promise.reject(new Error('broken')))).rejects.toThrow(CannotGoOn);
  await expect(run.require('packing', async () => 7)).resolves.toBe(7);
});
