import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { onAbort } from './on-abort.js';

test('many calls on one signal are one listener, and none when they are over', () => {
  const { signal } = new AbortController();
  const forget = Array.from({ length: 20 }, () => onAbort(signal, () => {}));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  for (const one of forget) one();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('those who still wait are told, once, and those who came after all had left, too', () => {
  const controller = new AbortController();
  const told: string[] = [];
  onAbort(controller.signal, () => told.push('left'))();
  onAbort(controller.signal, () => told.push('one'));
  const forget = onAbort(controller.signal, () => {
    told.push('two');
    forget();
  });
  onAbort(controller.signal, () => told.push('three'));
  controller.abort();
  expect(told).toEqual(['one', 'two', 'three']);
});
