import { expect } from 'vitest';
import { expectToBe } from '../contract-schemas.ts';
import { get, post, type RunningTestServer, runServer } from '../running-server.ts';
import { finish, piece, scriptedProvider } from '../scripted-provider.ts';

async function* hello() {
  yield piece('Hello.');
  yield finish;
}

/** A server with a model `m` that has tools, `plain` that has nothing, and `sees` that takes images. */
export function startDoorServer(flags: Record<string, string | number | boolean> = {}): Promise<RunningTestServer> {
  const sees = { capabilities: ['vision'] as const, details: { maxImagePixels: { width: 512, height: 512 } } };
  const providers = [
    scriptedProvider('m', hello),
    { ...scriptedProvider('plain', hello, { id: 'other/plain', provider: 'other', capabilities: [] }), name: 'other' },
    { ...scriptedProvider('sees', hello, { id: 'eyes/sees', provider: 'eyes', ...sees }), name: 'eyes' },
  ];
  return runServer({ providers, flags });
}

export interface ErrorAnswer {
  error: { message: string; type: string; param: string | null; code: string | null };
  message: string;
  status: number;
}

/** The error in an answer, checked: the right status, the one shape, the same text and status twice. */
export async function expectError(response: Response, status: number): Promise<ErrorAnswer> {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/json');
  expect(response.headers.get('x-request-id')).toBeTruthy();
  const body = JSON.parse(text) as ErrorAnswer;
  expectToBe('ErrorBody', body);
  expect([body.message, body.status]).toEqual([body.error.message, status]);
  return body;
}

/** The process is unharmed: it is alive and still answers a real request. */
export async function expectUnharmed({ url, base }: RunningTestServer): Promise<void> {
  expect((await get(`${url}/healthz`, {})).status).toBe(200);
  const answer = await post(`${base}/chat/completions`, { model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
  expect(answer.status, await answer.text()).toBe(200);
}
