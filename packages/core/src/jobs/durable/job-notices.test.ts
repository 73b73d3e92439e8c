import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyJobEvent, type JobEvent, lastSequence, noteProgress, openJob } from '../job-record.ts';
import { noticesAfter } from './job-notices.ts';

const steps = fc.array(
  fc.oneof(
    fc.constantFrom<JobEvent>(
      { type: 'deal-agreed', provider: 'gpu' },
      { type: 'deal-dropped' },
      { type: 'results-submitted' },
      { type: 'results-accepted' },
      { type: 'job-cancelled' },
    ),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
  { maxLength: 25 },
);

it('tells every state once and in order, however often the listener comes and goes', () => {
  fc.assert(
    fc.property(steps, fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }), (happenings, looks) => {
      let record = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, 0);
      const heard: string[] = [];
      let last = 0;
      const look = () => {
        for (const notice of noticesAfter(record, last)) {
          expect(notice.sequence).toBeGreaterThan(last);
          last = notice.sequence;
          if (notice.type === 'state') heard.push(notice.state);
        }
        expect(last).toBe(lastSequence(record));
      };
      for (const [index, happening] of happenings.entries()) {
        const changed =
          typeof happening === 'number'
            ? noteProgress(record, happening, index)
            : applyJobEvent(record, happening, index);
        record = changed ?? record;
        if (looks[index]) look();
      }
      look();
      expect(heard).toEqual(record.history.map(({ state }) => state));
    }),
  );
});

it('tells the last progress after the state it belongs to, and before what came later', () => {
  let record = openJob({ kind: 'video', model: 'wan2.1', keyId: 'key_1' }, 0);
  record = applyJobEvent(record, { type: 'deal-agreed', provider: 'gpu' }, 1) ?? record;
  record = noteProgress(record, 0.25, 2) ?? record;
  record = noteProgress(record, 0.5, 3) ?? record;
  record = applyJobEvent(record, { type: 'results-submitted' }, 4) ?? record;
  expect(noticesAfter(record, 1)).toEqual([
    { type: 'state', sequence: 2, atMs: 1, state: 'DealAgreed' },
    { type: 'progress', sequence: 4, atMs: 3, part: 0.5 },
    { type: 'state', sequence: 5, atMs: 4, state: 'ResultsSubmitted' },
  ]);
  expect(noticesAfter(record, 5)).toEqual([]);
});
