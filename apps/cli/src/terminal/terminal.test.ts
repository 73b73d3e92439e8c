import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { collector } from '../__fixtures__/run-in-process.ts';
import { countOf, formatBytes, formatSeconds, formatTime } from './amounts.ts';
import { printable } from './printable.ts';
import { ProgressLine } from './progress-line.ts';
import { progressText } from './progress-text.ts';
import { table } from './table.ts';

test('columns are as wide as what is in them, and nothing in them moves the cursor', () => {
  expect(
    table(
      ['A', 'B', ''],
      [
        ['long', 'x', ''],
        ['\u0007red\r', 'yy', 'z\nz'],
      ],
    ),
  ).toBe('A     B\nlong  x\nred   yy  z z');
});

test('control characters are dropped but for line breaks and tabs', () => {
  expect(printable('a\u001b[31mb\r\n\tc\u0007\u009b')).toBe('a[31mb\n\tc');
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [4_920_000_000, '4.9 GB'],
  [2e15, '2000.0 TB'],
])('%d bytes are %j', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0.4, '0 s'],
  [59.6, '1 min 0 s'],
  [67, '1 min 7 s'],
  [7500, '2 h 5 min'],
])('%d seconds are %j', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test('one is not many', () => {
  expect([countOf(0, 'model'), countOf(1, 'model')]).toEqual(['0 models', '1 model']);
});

test('a missing time is a dash', () => {
  expect(formatTime(null)).toBe('-');
  expect(formatTime('2026-01-31T12:00:00Z')).toMatch(/^2026-0[12]-\d\d \d\d:\d\d$/);
});

const halfway = {
  phase: 'downloading',
  completedBytes: 1e9,
  totalBytes: 2e9,
  bytesPerSecond: 1e7,
  secondsLeft: 100,
} as const;

test('progress has speed and time left, and a bar on a terminal', () => {
  const plain = new PassThrough();
  const terminal = Object.assign(new PassThrough(), { isTTY: true });
  expect(progressText(halfway, plain)).toBe('Downloading 50 %  1.0 GB of 2.0 GB  10.0 MB/s  1 min 40 s left');
  expect(progressText(halfway, terminal)).toContain('██████████░░░░░░░░░░ 50 %');
});

test('where nobody watches, progress is one line a phase', () => {
  const { stream, text } = collector();
  const line = new ProgressLine(stream);
  for (const [shown, phase] of [
    ['a 1', 'a'],
    ['a 2', 'a'],
    ['b 1', 'b'],
  ] as const)
    line.show(shown, phase);
  line.clear();
  expect(text()).toBe('a 1\nb 1\n');
});

test('on a terminal, progress is one line that is drawn over and taken away', () => {
  const { stream, text } = collector();
  const line = new ProgressLine(Object.assign(stream, { isTTY: true, columns: 10 }));
  line.show('much too long for it', 'a');
  line.clear();
  line.clear();
  expect(text()).toBe('\r\u001b[Kmuch too \r\u001b[K');
});
