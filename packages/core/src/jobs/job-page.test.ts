import { expect, it } from 'vitest';
import { makePage, readCursor, writeCursor } from './job-page.ts';
import { openJob } from './job-record.ts';

const job = (createdAtMs: number) => openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, createdAtMs);

it('reads back the cursors it wrote', () => {
  const { createdAtMs, id } = job(1_742_509_938_000);
  expect(readCursor(writeCursor({ createdAtMs, id }))).toEqual({ createdAtMs, id });
});

it.each([
  '',
  'x',
  '../..',
  Buffer.from('1.2').toString('base64url'),
  `${writeCursor(job(1))}.LjE`.repeat(2),
  'LjEuMg==',
])('refuses the cursor %j by name', (cursor) => {
  expect(() => readCursor(cursor)).toThrow(
    expect.objectContaining({ code: 'invalid-request', data: { param: 'cursor' } }),
  );
});

it('says that there is more only when there is', () => {
  const jobs = [job(3), job(2), job(1)];
  expect(makePage(jobs, 3)).toEqual({ jobs });
  const page = makePage(jobs, 2);
  expect(page.jobs).toEqual(jobs.slice(0, 2));
  expect(readCursor(page.nextCursor ?? '')).toEqual({ createdAtMs: 2, id: jobs[1]?.id });
});
