import { expect, it, onTestFinished, vi } from 'vitest';
import { ManualClock } from '../jobs/runner/__fixtures__/manual-clock.ts';
import { openMemoryStores } from '../stores/memory/memory-stores.ts';
import { checkIdempotencyKey, fingerprintOf } from './fingerprint.ts';
import { IdempotentAnswers, type IdempotentAnswersOptions } from './idempotent-answers.ts';

const request = { keyId: 'key_1', key: 'again', fingerprint: 'a' };
const answer = { status: 200, headers: {}, body: '{"id":1}' };

function open(options: Partial<IdempotentAnswersOptions> = {}) {
  const stores = openMemoryStores();
  onTestFinished(() => stores.close());
  const clock = new ManualClock();
  const log = { info: vi.fn(), warn: vi.fn() };
  const make = () => new IdempotentAnswers({ store: stores.idempotency, clock, log, ...options });
  return { stores, clock, make, answers: make() };
}

it('does the same request once, also when both come at once, and in another process', async () => {
  const { answers, make } = open();
  const task = vi.fn(async () => answer);
  const both = await Promise.all([answers.run(request, task), answers.run(request, task)]);
  expect(both).toEqual([
    { answer, repeated: false },
    { answer, repeated: true },
  ]);
  expect(await make().run(request, task)).toEqual({ answer, repeated: true });
  expect(task).toHaveBeenCalledTimes(1);
});

it('refuses another request under the same key, running or done', async () => {
  const { answers } = open();
  const other = { ...request, fingerprint: 'b' };
  const running = answers.run(request, async () => answer);
  await expect(answers.run(other, async () => answer)).rejects.toMatchObject({ code: 'conflict' });
  await running;
  await expect(answers.run(other, async () => answer)).rejects.toMatchObject({ code: 'conflict' });
});

it('says that another process works on it, for as long as it does', async () => {
  const { answers, make, clock } = open();
  const { promise, resolve } = Promise.withResolvers<typeof answer>();
  const running = answers.run(request, () => promise);
  await clock.turn(60_000);
  await expect(make().run(request, async () => answer)).rejects.toMatchObject({
    code: 'conflict',
    data: { retryAfterMs: 2_000 },
  });
  resolve(answer);
  await running;
});

it('lets a request be done again whose process died', async () => {
  const { stores, answers, clock } = open();
  const nowMs = clock.now();
  await stores.idempotency.begin({ ...request, nowMs, keptSinceMs: 0, runningUntilMs: nowMs + 15_000 });
  await expect(answers.run(request, async () => answer)).rejects.toMatchObject({ code: 'conflict' });
  await clock.turn(15_000);
  expect(await answers.run(request, async () => answer)).toEqual({ answer, repeated: false });
});

it.each([
  ['failed', async () => Promise.reject(new Error('no'))],
  ['was our fault', async () => ({ ...answer, status: 502 })],
  ['came too often', async () => ({ ...answer, status: 429 })],
  ['is too long to keep', async () => ({ ...answer, body: 'x'.repeat(2_000_000) })],
])('lets a request be done again that %s', async (_why, task) => {
  const { answers } = open();
  await answers.run(request, task).catch(() => undefined);
  expect(await answers.run(request, async () => answer)).toEqual({ answer, repeated: false });
});

it('keeps what was the caller’s mistake', async () => {
  const { answers } = open();
  const refused = { ...answer, status: 400 };
  await answers.run(request, async () => refused);
  expect(await answers.run(request, async () => answer)).toEqual({ answer: refused, repeated: true });
});

it('answers though the answer cannot be kept', async () => {
  const { stores, answers } = open();
  vi.spyOn(stores.idempotency, 'finish').mockRejectedValueOnce(new Error('disk is full'));
  expect(await answers.run(request, async () => answer)).toEqual({ answer, repeated: false });
});

it('takes keys of 1 to 255 visible characters', () => {
  for (const key of ['a', 'x'.repeat(255), 'KG5LxwFBepaKHyUD']) expect(() => checkIdempotencyKey(key)).not.toThrow();
  for (const key of ['', 'x'.repeat(256), 'a b', 'a\nb', 'ü']) {
    expect(() => checkIdempotencyKey(key)).toThrow(expect.objectContaining({ data: { param: 'Idempotency-Key' } }));
  }
});

it('has one fingerprint for equal requests, whatever the order of their fields', () => {
  expect(fingerprintOf('POST /x', { a: 1, b: [2, { d: 1, c: 2 }] })).toBe(
    fingerprintOf('POST /x', { b: [2, { c: 2, d: 1 }], a: 1 }),
  );
  expect(fingerprintOf('POST /x', { a: 1 })).not.toBe(fingerprintOf('POST /y', { a: 1 }));
  expect(fingerprintOf('POST /x', { a: 1 })).not.toBe(fingerprintOf('POST /x', { a: 2 }));
});
