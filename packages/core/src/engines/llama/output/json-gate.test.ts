import { array, assert, integer, json, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonGate } from './json-gate.ts';

/** What a reader gets when the answer is cut after so many characters. */
function cut(text: string, length: number): string {
  const gate = new JsonGate();
  return gate.push(text.slice(0, length)) + gate.close();
}

describe('JsonGate', () => {
  it.each([
    ['', '{}'],
    ['{"na', '{}'],
    ['{"name"', '{}'],
    ['{"name": ', '{}'],
    ['{"name": "An', '{"name": "An"}'],
    ['{"name": "Ana", ', '{"name": "Ana"}'],
    ['{"a": [1, 2', '{"a": [1, 2]}'],
    ['{"a": [1, ', '{"a": [1]}'],
    ['{"a": -', '{}'],
    ['{"a": 1.', '{"a": 1}'],
    ['{"a": 1.5e', '{"a": 1.5}'],
    ['{"a": tr', '{"a": true}'],
    ['{"a": "\\u00', '{"a": ""}'],
    ['{"a": "b\\', '{"a": "b"}'],
  ])('closes %j as %j', (text, closed) => {
    expect(cut(text, text.length)).toBe(closed);
  });

  it('knows when the document is complete and ignores what follows', () => {
    const gate = new JsonGate();
    expect(gate.push(' {"a": {}}')).toBe('{"a": {}}');
    expect(gate.complete).toBe(true);
    expect(gate.push('\n\n{')).toBe('');
    expect(gate.close()).toBe('');
  });

  it('makes a document out of every beginning of one', () => {
    void assert(
      property(json(), (text) => {
        for (let length = 0; length <= text.length; length++) JSON.parse(cut(text, length));
      }),
    );
  });

  it('lets a whole document through unchanged, however it comes in pieces', () => {
    void assert(
      property(json(), array(integer({ min: 1, max: 5 })), (text, sizes) => {
        const gate = new JsonGate();
        let passed = '';
        let rest = text;
        for (const size of [...sizes, text.length]) {
          passed += gate.push(rest.slice(0, size));
          rest = rest.slice(size);
        }
        expect(passed + gate.close()).toBe(text.trim());
      }),
    );
  });

  it('stands an empty document of the wanted kind in for nothing', () => {
    expect(new JsonGate('[]').close()).toBe('[]');
  });
});
