import { expect, test } from 'vitest';
import { ConversationMemory } from './conversation-memory.ts';
import { conversationPrefixes } from './conversation-prefixes.ts';

const system = { role: 'system', content: 'You are a frog.' };
const question = { role: 'user', content: 'Where do you live?' };
const answer = { role: 'assistant', content: 'In a pond.' };
const next = { role: 'user', content: 'With whom?' };

const hashes = (messages: { role: string }[]) => conversationPrefixes(messages).map(({ hash }) => hash);

test('equal beginnings have equal hashes, whatever follows', () => {
  expect(hashes([system, question, answer, next]).slice(0, 2)).toEqual(hashes([system, question]));
});

test('role, text, parts and order all matter', () => {
  const variants = [
    [system, question],
    [question, system],
    [system, { ...question, role: 'assistant' }],
    [system, { ...question, content: 'Where do you live!' }],
    [system, { ...question, content: [{ type: 'text', text: 'Where do you live?' }] }],
    [
      { role: 'system', content: 'You are a frog.Where' },
      { role: 'user', content: ' do you live?' },
    ],
  ];
  expect(new Set(variants.map((messages) => hashes(messages).at(-1))).size).toBe(variants.length);
});

test('ten thousand different messages have different hashes', () => {
  const all = Array.from({ length: 10_000 }, (_, n) => hashes([{ role: 'user', content: `${n}` } as never])[0]);
  expect(new Set(all).size).toBe(all.length);
});

test('only a beginning that was answered is the same conversation', () => {
  expect(conversationPrefixes([system, question, answer, next]).map(({ answered }) => answered)).toEqual([
    false,
    true,
    false,
    false,
  ]);
  expect(conversationPrefixes([system, question]).some(({ answered }) => answered)).toBe(false);
});

test('a long conversation keeps its first message and its end', () => {
  const messages = Array.from({ length: 500 }, (_, n) => ({ role: 'user', content: `${n}` }));
  const prefixes = conversationPrefixes(messages);
  expect(prefixes).toHaveLength(33);
  expect(prefixes[0]?.hash).toBe(hashes(messages.slice(0, 1))[0]);
});

test('an image counts as an image, not as its bytes', () => {
  const url = `data:image/png;base64,${'A'.repeat(200_000)}`;
  const [prefix] = conversationPrefixes([
    { role: 'user', content: [{ type: 'image_url', image_url: { url } }] } as never,
  ]);
  expect(prefix?.tokens).toBeGreaterThan(400);
  expect(prefix?.tokens).toBeLessThan(600);
});

test('a caller cannot exhaust the stack with nested content', () => {
  const nested = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  expect(conversationPrefixes([{ role: 'user', content: nested } as never])).toHaveLength(1);
});

test('the memory finds the longest beginning it worked on, and forgets the oldest', () => {
  const memory = new ConversationMemory(3);
  memory.remember(conversationPrefixes([system, question]));
  const followUp = conversationPrefixes([system, question, answer, next]);
  expect(memory.longestKnown(followUp)).toEqual(followUp[1]);
  expect(memory.longestKnown(conversationPrefixes([system, next]))?.hash).toBe(followUp[0]?.hash);
  for (const content of ['x', 'y']) memory.remember(conversationPrefixes([{ role: 'user', content } as never]));
  expect(memory.longestKnown(followUp)).toEqual(followUp[1]);
  memory.remember(conversationPrefixes([{ role: 'user', content: 'z' } as never]));
  expect(memory.longestKnown(followUp)).toBeUndefined();
});
