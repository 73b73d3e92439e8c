import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectToBe } from '../contract-schemas.ts';
import { post, type RunningTestServer } from '../running-server.ts';
import { expectUnharmed, startDoorServer } from './door-server.ts';

let server: RunningTestServer;
beforeAll(async () => {
  server = await startDoorServer();
});
afterAll(async () => {
  await expectUnharmed(server);
  await server.close();
});

const chat = {
  model: 'm',
  messages: [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'done' },
  ],
  stream: false,
  stream_options: { include_usage: true },
  temperature: 1,
  top_p: 1,
  max_tokens: 16,
  n: 1,
  seed: 1,
  stop: ['x'],
  tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: { a: {} } } } }],
  tool_choice: { type: 'function', function: { name: 'f' } },
  response_format: { type: 'json_schema', json_schema: { name: 's', schema: { type: 'object' } } },
  logprobs: true,
  top_logprobs: 1,
  logit_bias: { 5: 1 },
  // `n` and so on are no options: whatever stands there must not get past the checks of the top level.
  options: { temperature: 1, num_predict: 5, n: 1, tools: [], response_format: null, stream: false, max_tokens: 5 },
};
const bodies = {
  '/chat/completions': chat,
  '/embeddings': { model: 'm', input: ['a', 'b'], encoding_format: 'base64', dimensions: 4 },
  '/explain': { kind: 'chat', request: chat },
  '/keys': { name: 'k', scopes: ['inference'], expires_in_days: 1, requests_per_second: 1, weight: 1 },
};

type Steps = readonly (string | number)[];

/** The ways to every value in a tree. */
function placesIn(value: unknown, steps: Steps = []): Steps[] {
  const inside = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [steps, ...inside.flatMap(([name, item]) => placesIn(item, [...steps, name]))];
}

/** A copy with one place changed; `undefined` takes it away. */
function withChange(value: unknown, [step, ...rest]: Steps, change: unknown): unknown {
  if (step === undefined) return change;
  if (Array.isArray(value))
    return value.map((item, at) => (String(at) === step ? withChange(item, rest, change) : item));
  const fields = value as Record<string, unknown>;
  return { ...fields, [step]: withChange(fields[step], rest, change) };
}

const nasty = fc.constantFrom<unknown>(
  ...[undefined, null, '', ' ', '\u0000', '\ud800', '../', 'toString', '__proto__', 'x'.repeat(5000)],
  ...[0, -1, 0.5, 1e308, 2 ** 53, -(2 ** 63), true, false, [], {}, [[]], [null], [{}], { type: 'function' }],
  ...[{ $ref: '#' }, { type: 'object', properties: { a: { $ref: 'http://127.0.0.1:1/' } } }, { length: 1e9 }],
);
const anything = fc.oneof(
  { weight: 3, arbitrary: nasty },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);

const mutation = fc.constantFrom(...(Object.keys(bodies) as (keyof typeof bodies)[])).chain((path) =>
  fc
    .array(fc.tuple(fc.constantFrom(...placesIn(bodies[path])), anything), { minLength: 1, maxLength: 3 })
    .map((changes) => ({
      path,
      // A later change may stand where an earlier one took the ground away.
      body: changes.reduce<unknown>((body, [steps, change]) => {
        try {
          return withChange(body, steps, change);
        } catch {
          return body;
        }
      }, bodies[path]),
    })),
);

async function send(path: string, body: string): Promise<void> {
  const response = await post(server.base + path, body, { signal: AbortSignal.timeout(5_000) });
  const text = await response.text();
  expect(response.status, `${text} for ${path} ${body.slice(0, 500)}`).toBeLessThan(500);
  if (response.status >= 400) expectToBe('ErrorBody', JSON.parse(text));
  else expect(response.status).toBe(200);
}

test('a good request that was changed anywhere is answered or refused, never a 500, never a hang', async () => {
  for (const [path, body] of Object.entries(bodies)) await send(path, JSON.stringify(body));
  await fc.assert(
    fc.asyncProperty(mutation, ({ path, body }) => send(path, JSON.stringify(body) ?? '')),
    { numRuns: 400, interruptAfterTimeLimit: 4_000, endOnFailure: true },
  );
});

test('bytes that are almost JSON are answered or refused', async () => {
  const text = JSON.stringify(chat);
  const cutOrBroken = fc
    .tuple(fc.nat(text.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 5 }))
    .map(([at, length, other]) => text.slice(0, at) + other + text.slice(at + length));
  await fc.assert(
    fc.asyncProperty(cutOrBroken, (body) => send('/chat/completions', body)),
    { numRuns: 200, interruptAfterTimeLimit: 2_000, endOnFailure: true },
  );
});
